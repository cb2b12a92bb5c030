//! The one place that writes a placeholder.

use super::error::ExpressionError;
use super::fragment::{Fragment, Token};
use super::limits::{MAX_EXPRESSION_SIZE, MAX_OPERATORS, MAX_VARIABLES_SIZE};
use super::path::{DocumentPath, Step};
use super::update::{Actions, ExpressionPart};
use crate::codec::Writer;

/// Renders the expressions of one request, which share their placeholders.
#[derive(Default)]
pub(crate) struct Renderer<'a> {
    fragments: Few<&'a Fragment, 8>,
    /// Those of the expression that is being written.
    operators: usize,
    names: Few<&'a str, 12>,
    values: usize,
    error: Option<ExpressionError>,
}

impl<'a> Renderer<'a> {
    /// Writes the member with the expression, or nothing where there is none.
    pub(crate) fn expression(
        &mut self,
        writer: &mut Writer,
        member: &'static str,
        fragment: &'a Fragment,
    ) {
        self.all_of(writer, member, &[fragment]);
    }

    /// Writes the member with conditions that all must hold, or nothing where there is none.
    pub(crate) fn all_of(
        &mut self,
        writer: &mut Writer,
        member: &'static str,
        conditions: &[&'a Fragment],
    ) {
        if conditions.iter().all(|condition| condition.is_empty()) {
            return;
        }
        self.member(writer, member, |renderer, writer| {
            let mut is_first = true;
            for condition in conditions.iter().filter(|condition| !condition.is_empty()) {
                if !std::mem::take(&mut is_first) {
                    renderer.operator(writer, " AND ");
                }
                renderer.fragment(writer, condition);
            }
        });
    }

    /// Writes the member with an update expression.
    pub(crate) fn update(&mut self, writer: &mut Writer, actions: &'a Actions) {
        self.member(writer, "UpdateExpression", |renderer, writer| {
            actions.parts_of_expression(|part| match part {
                ExpressionPart::Text(text) => writer.raw(text.as_bytes()),
                ExpressionPart::Path(path) => renderer.path(writer, path),
                ExpressionPart::Fragment(fragment) => renderer.fragment(writer, fragment),
            });
        });
    }

    fn member(
        &mut self,
        writer: &mut Writer,
        member: &'static str,
        write: impl FnOnce(&mut Self, &mut Writer),
    ) {
        writer.member(member);
        writer.raw(b"\"");
        let before = writer.as_bytes().len();
        self.operators = 0;
        write(self, writer);
        let size = writer.as_bytes().len() - before;
        writer.raw(b"\"");
        if size > MAX_EXPRESSION_SIZE {
            self.fail(ExpressionError::TooLong { size });
        }
        if self.operators > MAX_OPERATORS {
            self.fail(ExpressionError::TooManyOperators { count: self.operators });
        }
    }

    fn fail(&mut self, error: ExpressionError) {
        self.error.get_or_insert(error);
    }

    fn fragment(&mut self, writer: &mut Writer, fragment: &'a Fragment) {
        if let Some(error) = fragment.error() {
            self.fail(error.clone());
        }
        let mut keys = fragment.keys.as_str();
        for token in &fragment.tokens {
            match token {
                Token::Name(name) => self.named(writer, name),
                Token::Key(length) => {
                    let (key, rest) = keys.split_at_checked(*length).unwrap_or((keys, ""));
                    keys = rest;
                    self.named(writer, key);
                }
                Token::Index(index) => element(writer, *index),
                Token::Value(_) => {
                    placeholder(writer, b':', self.values);
                    self.values += 1;
                }
                Token::Text(text) => writer.raw(text.as_bytes()),
                Token::Operator(text) => self.operator(writer, text),
            }
        }
        self.fragments.push(fragment);
    }

    fn path(&mut self, writer: &mut Writer, path: &'a DocumentPath) {
        if let Some(error) = path.error() {
            self.fail(error.clone());
        }
        self.named(writer, path.root());
        for step in path.steps() {
            let name: &str = match step {
                Step::Name(name) => name,
                Step::Key(key) => key,
                Step::Index(index) => {
                    element(writer, *index);
                    continue;
                }
            };
            writer.raw(b".");
            self.named(writer, name);
        }
    }

    fn operator(&mut self, writer: &mut Writer, text: &'static str) {
        writer.raw(text.as_bytes());
        self.operators += 1;
    }

    fn named(&mut self, writer: &mut Writer, name: &'a str) {
        placeholder(writer, b'#', self.name(name));
    }

    fn name(&mut self, name: &'a str) -> usize {
        let known = self.names.iter().position(|known| known == name);
        known.unwrap_or_else(|| self.names.push(name))
    }

    /// Writes the names and values of all placeholders.
    pub(crate) fn finish(self, writer: &mut Writer) -> Result<(), ExpressionError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let before = writer.as_bytes().len();
        if !self.names.is_empty() {
            writer.member("ExpressionAttributeNames");
            writer.begin_object();
            for (number, name) in self.names.iter().enumerate() {
                member(writer, b'#', number);
                writer.json_string(name);
            }
            writer.end_object();
        }
        if self.values > 0 {
            writer.member("ExpressionAttributeValues");
            writer.begin_object();
            self.write_values(writer);
            writer.end_object();
        }
        match writer.as_bytes().len() - before {
            ..=MAX_VARIABLES_SIZE => Ok(()),
            size => Err(ExpressionError::VariablesTooLarge { size }),
        }
    }

    fn write_values(&self, writer: &mut Writer) {
        let mut number = 0;
        for fragment in self.fragments.iter() {
            for value in fragment.encoded_values() {
                member(writer, b':', number);
                writer.raw(value);
                number += 1;
            }
        }
    }
}

/// A list whose first elements are not allocated: most requests have no more.
struct Few<T, const FEW: usize> {
    first: [Option<T>; FEW],
    count: usize,
    rest: Vec<T>,
}

impl<T: Copy, const FEW: usize> Few<T, FEW> {
    /// Adds it, and gives its place.
    fn push(&mut self, element: T) -> usize {
        match self.first.get_mut(self.count) {
            Some(place) => *place = Some(element),
            None => self.rest.push(element),
        }
        self.count += 1;
        self.count - 1
    }

    fn iter(&self) -> impl Iterator<Item = T> {
        self.first.iter().map_while(|element| *element).chain(self.rest.iter().copied())
    }

    fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl<T: Copy, const FEW: usize> Default for Few<T, FEW> {
    fn default() -> Self {
        Self { first: [None; FEW], count: 0, rest: Vec::new() }
    }
}

fn member(writer: &mut Writer, sigil: u8, number: usize) {
    writer.separate();
    if let Some(digit) = digit(number) {
        writer.raw(&[b'"', sigil, digit, b'"', b':']);
    } else {
        writer.raw(b"\"");
        placeholder(writer, sigil, number);
        writer.raw(b"\":");
    }
}

fn placeholder(writer: &mut Writer, sigil: u8, number: usize) {
    if let Some(digit) = digit(number) {
        writer.raw(&[sigil, digit]);
    } else {
        writer.raw(&[sigil]);
        writer.json_u64(number as u64);
    }
}

/// The one digit of a number that has no more, as most have: it is written with what is around it.
fn digit(number: usize) -> Option<u8> {
    u8::try_from(number).ok().filter(|number| *number < 10).map(|number| b'0' + number)
}

/// None of it needs an escape: our own text, digits and placeholders.
fn element(writer: &mut Writer, index: usize) {
    writer.raw(b"[");
    writer.json_u64(index as u64);
    writer.raw(b"]");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::codec::Plain;
    use crate::expression::DocumentPath;

    const NAMES: [&str; 4] = ["address", "size", "a.b", "list[0]"];

    #[derive(Clone, Debug)]
    enum Step {
        Name(usize),
        Key(String),
        Index(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let hostile = prop::sample::select(vec![
            "#0", ":0", "#1 = :0", "a.b", "list[0]", "size", "\"", "\\\"", "\\", "]", ") OR (",
            "SET",
        ]);
        let step = prop_oneof![
            (0..NAMES.len()).prop_map(Step::Name),
            hostile.prop_map(|key| Step::Key(key.to_owned())),
            "\\PC{1,6}".prop_map(Step::Key),
            any::<[char; 2]>().prop_map(|key| Step::Key(key.into_iter().collect())),
            (0_usize..1000).prop_map(Step::Index),
        ];
        prop::collection::vec(step, 0..MAX_STEPS)
    }

    const MAX_STEPS: usize = 8;

    fn path(root: usize, steps: &[Step], key: impl Fn(&str) -> String) -> DocumentPath {
        steps.iter().fold(DocumentPath::from(NAMES[root]), |path, step| match step {
            Step::Name(name) => path.then(DocumentPath::from(NAMES[*name])),
            Step::Key(text) => path.entry(Ok(Arc::from(key(text)))),
            Step::Index(index) => path.at(*index),
        })
    }

    /// The expression and its names, of two comparisons.
    fn render(paths: [&DocumentPath; 2]) -> (String, Value) {
        let compare =
            |path| Fragment::default().path(path).operator(" = ").value::<Plain, _>(path, &1_u8);
        let fragment = paths.map(compare).into_iter().fold(Fragment::default(), Fragment::and);
        let mut writer = Writer::with_capacity(0);
        let mut renderer = Renderer::default();
        writer.begin_object();
        renderer.expression(&mut writer, "Expression", &fragment);
        renderer.finish(&mut writer).unwrap();
        writer.end_object();
        let request: Value = serde_json::from_slice(writer.as_bytes()).unwrap();
        let expression = request["Expression"].as_str().unwrap().to_owned();
        (expression, request["ExpressionAttributeNames"].clone())
    }

    /// What the rendered path says, read with nothing but DynamoDB's grammar.
    fn said(rendered: &str, names: &Value) -> Vec<String> {
        let elements = rendered.split('.').flat_map(|element| element.split('['));
        elements
            .map(|element| match element.strip_suffix(']') {
                Some(index) => format!("[{index}]"),
                None => names[element].as_str().unwrap().to_owned(),
            })
            .collect()
    }

    fn meant(root: usize, steps: &[Step]) -> Vec<String> {
        let steps = steps.iter().map(|step| match step {
            Step::Name(name) => NAMES[*name].to_owned(),
            Step::Key(key) => key.clone(),
            Step::Index(index) => format!("[{index}]"),
        });
        std::iter::once(NAMES[root].to_owned()).chain(steps).collect()
    }

    fn checked(fragment: &Fragment) -> Result<(), ExpressionError> {
        let mut writer = Writer::with_capacity(0);
        let mut renderer = Renderer::default();
        writer.begin_object();
        renderer.expression(&mut writer, "Expression", fragment);
        renderer.finish(&mut writer)
    }

    #[test]
    fn an_expression_may_be_as_large_as_dynamodb_takes_it_and_no_larger() {
        let text = |size| (0..size).fold(Fragment::default(), |fragment, _| fragment.text("x"));
        checked(&text(MAX_EXPRESSION_SIZE)).unwrap();
        let error = checked(&text(MAX_EXPRESSION_SIZE + 1)).unwrap_err();
        assert!(matches!(error, ExpressionError::TooLong { size: 4097 }), "{error}");

        let operators =
            |count| (0..count).fold(Fragment::default(), |fragment, _| fragment.operator("+"));
        checked(&operators(MAX_OPERATORS)).unwrap();
        let error = checked(&operators(MAX_OPERATORS + 1)).unwrap_err();
        assert!(matches!(error, ExpressionError::TooManyOperators { count: 301 }), "{error}");

        let value = |size| {
            let write = |writer: &mut Writer| writer.raw(&vec![b' '; size]);
            Fragment::default().written(&DocumentPath::from("a"), write)
        };
        let around = r#","ExpressionAttributeValues":{":0":}"#.len();
        checked(&value(MAX_VARIABLES_SIZE - around)).unwrap();
        let error = checked(&value(MAX_VARIABLES_SIZE - around + 1)).unwrap_err();
        assert!(matches!(error, ExpressionError::VariablesTooLarge { size: 2_097_153 }), "{error}");
    }

    #[test]
    fn the_names_count_among_what_the_placeholders_stand_for() {
        // As many keys of maps as an expression has room for, all different.
        let keys = |count: usize, last: usize| {
            (0..count).fold(Fragment::default(), |fragment, number| {
                let length = if number + 1 < count { 65_530 } else { last };
                let key = format!("{number:0length$}");
                fragment.path(&DocumentPath::from("a").entry(Ok(Arc::from(key))))
            })
        };
        let around = r#","ExpressionAttributeNames":{"#.len()
            + r##""#0":"a","##.len()
            + (1..=32).map(|number| format!(r##""#{number}":"","##).len()).sum::<usize>();
        let last = MAX_VARIABLES_SIZE - around - 31 * 65_530;
        checked(&keys(32, last)).unwrap();
        let error = checked(&keys(32, last + 1)).unwrap_err();
        assert!(matches!(error, ExpressionError::VariablesTooLarge { size: 2_097_153 }), "{error}");
    }

    proptest! {
        #[test]
        fn a_rendered_path_says_what_was_meant(
            (left, right) in (steps(), steps()),
            (root, other) in (0..NAMES.len(), 0..NAMES.len()),
        ) {
            let paths = [path(root, &left, str::to_owned), path(other, &right, str::to_owned)];
            let (expression, names) = render([&paths[0], &paths[1]]);
            let sides: Vec<_> = expression.split(" AND ").collect();
            prop_assert_eq!(sides.len(), 2, "{}", expression);
            for (number, (side, meant)) in
                sides.iter().zip([meant(root, &left), meant(other, &right)]).enumerate()
            {
                let (rendered, value) = side.split_once(" = ").unwrap();
                prop_assert_eq!(value, format!(":{number}"));
                prop_assert_eq!(said(rendered, &names), meant);
            }
        }

        #[test]
        fn the_keys_of_maps_do_not_change_the_shape(
            (left, right) in (steps(), steps()),
            root in 0..NAMES.len(),
        ) {
            let keys: Vec<_> = left.iter().chain(&right).filter_map(|step| match step {
                Step::Key(key) => Some(key.as_str()),
                _ => None,
            }).collect();
            // Equal names share a placeholder, and nothing else of them shows.
            let harmless = |key: &str| match NAMES.iter().find(|name| **name == key) {
                Some(name) => (*name).to_owned(),
                None => format!("key{}", keys.iter().position(|known| *known == key).unwrap()),
            };
            let shape = |key: &dyn Fn(&str) -> String| {
                render([&path(root, &left, key), &path(root, &right, key)]).0
            };
            prop_assert_eq!(shape(&str::to_owned), shape(&harmless));
        }
    }
}
