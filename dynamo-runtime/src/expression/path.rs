//! Document paths: where in an item an attribute is.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::error::ExpressionError;
use super::limits::MAX_PATH_ELEMENTS;
use crate::codec::equality;
use crate::codec::{DecodeError, EncodeError, MAX_ITEM_SIZE, MAX_KEY_SIZE, Reader};

/// The longest list that could be in an item, by whose size it is limited.
const MAX_LIST_LENGTH: usize = MAX_ITEM_SIZE;

/// Where in an item an attribute is: `address.city`, `lines[2]`.
///
/// Only this crate can make one: from declared names, indexes and the keys of maps. What is wrong
/// with it is an error when the operation is sent.
#[derive(Clone)]
#[doc(hidden)]
pub struct DocumentPath {
    root: &'static str,
    steps: Vec<Step>,
    /// The older names of attributes on the path, each with the number of steps to it.
    aliases: Vec<(usize, &'static [&'static str])>,
    error: Option<Box<ExpressionError>>,
}

/// A step from a value to one inside of it.
#[derive(Clone)]
pub(crate) enum Step {
    /// To an attribute of a document, by its declared name.
    Name(&'static str),
    /// To an entry of a map, by a key from run time.
    Key(Arc<str>),
    /// To an element of a list.
    Index(usize),
}

impl From<&'static str> for DocumentPath {
    /// An attribute of the item itself.
    fn from(name: &'static str) -> Self {
        Self { root: name, steps: Vec::new(), aliases: Vec::new(), error: None }
    }
}

impl DocumentPath {
    /// An attribute of the item or document itself, with its older names.
    pub(crate) fn named(name: &'static str, aliases: &'static [&'static str]) -> Self {
        let mut path = Self::from(name);
        if !aliases.is_empty() {
            path.aliases.push((0, aliases));
        }
        path
    }

    /// Where the attributes on the path are under their older names, and whether that is the last
    /// of them.
    pub(crate) fn older(&self) -> impl Iterator<Item = (Self, bool)> {
        self.aliases.iter().flat_map(move |(depth, aliases)| {
            aliases.iter().map(move |alias| {
                let mut older = Self::from(self.root);
                older.steps = self.steps.get(..*depth).unwrap_or_default().to_vec();
                match older.steps.last_mut() {
                    Some(step) => *step = Step::Name(alias),
                    None => older.root = alias,
                }
                (older, *depth == self.steps.len())
            })
        })
    }

    /// The same path in the document that this path leads to.
    pub(crate) fn then(mut self, inner: Self) -> Self {
        let Self { root, steps, aliases, error } = inner;
        let depth = self.steps.len() + 1;
        self.aliases.extend(aliases.into_iter().map(|(inner, names)| (depth + inner, names)));
        self.steps.push(Step::Name(root));
        self.steps.extend(steps);
        if let Some(error) = error {
            self.error.get_or_insert(error);
        }
        self.within_depth()
    }

    /// The element of the list that this path leads to.
    pub(crate) fn at(mut self, index: usize) -> Self {
        self.steps.push(Step::Index(index));
        if index >= MAX_LIST_LENGTH {
            self.fail(ExpressionError::IndexTooLarge { attribute: self.describe(), index });
        }
        self.within_depth()
    }

    /// The entry of the map that this path leads to.
    pub(crate) fn entry(mut self, key: Result<Arc<str>, EncodeError>) -> Self {
        let key = key.unwrap_or_else(|error| {
            self.fail(ExpressionError::Value { attribute: self.describe(), error });
            Arc::from("")
        });
        let size = key.len();
        self.steps.push(Step::Key(key));
        if !(1..=MAX_KEY_SIZE).contains(&size) {
            self.fail(ExpressionError::MapKeySize { attribute: self.describe(), size });
        }
        self.within_depth()
    }

    fn within_depth(mut self) -> Self {
        if self.steps.len() >= MAX_PATH_ELEMENTS {
            self.fail(ExpressionError::PathTooDeep { attribute: self.describe() });
        }
        self
    }

    fn fail(&mut self, error: ExpressionError) {
        self.error.get_or_insert_with(|| Box::new(error));
    }

    pub(crate) fn error(&self) -> Option<&ExpressionError> {
        self.error.as_deref()
    }

    pub(crate) fn root(&self) -> &'static str {
        self.root
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The JSON of what it leads to in an item, as it is.
    pub(crate) fn value_in<'i>(&self, item: &'i [u8]) -> Result<Option<&'i [u8]>, DecodeError> {
        let steps: Vec<_> = self.steps.iter().map(|step| step.in_item(|index| index)).collect();
        equality::nested_attribute_of(item, self.root, &steps)
    }

    /// What `decode` reads of what it leads to in an item that has this path only, where of each
    /// list the one element is there that was asked for.
    pub(crate) fn read_projected<'de, T>(
        &self,
        item: &mut Reader<'de>,
        decode: fn(&mut Reader<'de>) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        let steps: Vec<_> = self.steps.iter().map(|step| step.in_item(|_| 0)).collect();
        equality::nested(item, self.root, &steps, decode)
    }

    /// The path under each name that the attributes on it have or had.
    pub(crate) fn spellings(&self) -> Vec<Self> {
        let mut spellings = vec![self.clone()];
        for (depth, aliases) in &self.aliases {
            let older = spellings.iter().flat_map(|path| {
                aliases.iter().map(|alias| {
                    let mut older = path.clone();
                    match depth.checked_sub(1).and_then(|last| older.steps.get_mut(last)) {
                        Some(step) => *step = Step::Name(alias),
                        None => older.root = alias,
                    }
                    older
                })
            });
            let older: Vec<_> = older.collect();
            spellings.extend(older);
        }
        spellings
    }

    /// Whether it leads to an element of a list.
    pub(crate) fn is_element(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Index(_)))
    }

    /// The bytes that the name of what it leads to adds to the size of its item.
    pub(crate) fn name_size(&self) -> usize {
        match self.steps.last() {
            None => self.root.len(),
            Some(step) => step.name().map_or(0, str::len) + 1,
        }
    }

    /// The path for a message.
    pub(crate) fn describe(&self) -> Cow<'static, str> {
        if self.steps.is_empty() { Cow::Borrowed(self.root) } else { Cow::Owned(self.to_string()) }
    }

    /// Whether it leads to or through an element of a list that stands after the one of the same list
    /// that the other leads to or through.
    pub(crate) fn stands_after(&self, other: &Self) -> bool {
        let both = || self.steps.iter().zip(&other.steps);
        let differing = both().position(|(step, other)| !step.is_same(other));
        self.root == other.root
            && differing.and_then(|place| both().nth(place)).is_some_and(
                |steps| matches!(steps, (Step::Index(index), Step::Index(other)) if index > other),
            )
    }

    /// Whether DynamoDB takes no expression that writes or projects both: one is in the other, or
    /// they go on from one value as if it were both a list and a map.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        if self.root != other.root {
            return false;
        }
        for steps in self.steps.iter().zip(&other.steps) {
            match steps {
                (Step::Index(left), Step::Index(right)) if left == right => {}
                (Step::Index(_), Step::Index(_)) => return false,
                (left, right) => match (left.name(), right.name()) {
                    (Some(left), Some(right)) if left != right => return false,
                    (Some(_), Some(_)) => {}
                    _ => return true,
                },
            }
        }
        true
    }
}

impl Step {
    /// The step in an item, where an element of a list is at `place` of its index.
    fn in_item(&self, place: fn(usize) -> usize) -> equality::ValueStep<'_> {
        match self {
            Self::Name(name) => equality::ValueStep::Name(name),
            Self::Key(key) => equality::ValueStep::Name(key),
            Self::Index(index) => equality::ValueStep::Index(place(*index)),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Index(index), Self::Index(other)) => index == other,
            _ => self.name().is_some() && self.name() == other.name(),
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Key(key) => Some(key),
            Self::Index(_) => None,
        }
    }
}

/// The path with names and indexes, and never a key from run time, which may be a secret.
impl fmt::Display for DocumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.root)?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Name(name) => write!(f, ".{name}"),
            Step::Key(_) => f.write_str(".?"),
            Step::Index(index) => write!(f, "[{index}]"),
        })
    }
}

impl fmt::Debug for DocumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Writer, map_key};

    fn key(text: &str) -> Result<Arc<str>, EncodeError> {
        map_key(&text.to_owned())
    }

    fn path(root: &'static str) -> DocumentPath {
        DocumentPath::from(root)
    }

    #[test]
    fn a_path_is_shown_without_the_keys_of_maps() {
        let path = path("orders").at(2).then(path("prices").entry(key("secret")).at(0));
        assert_eq!(path.to_string(), "orders[2].prices.?[0]");
        assert_eq!(format!("{path:?}"), "orders[2].prices.?[0]");
        assert!(path.error().is_none());
    }

    #[test]
    fn paths_overlap_if_one_is_in_the_other() {
        let a = || path("a");
        let b = || path("b");
        for (left, right) in [
            (a(), a()),
            (a(), a().then(b())),
            (a().at(0), a()),
            (a().at(0), a().at(0).then(b())),
            (a().then(b()), a().entry(key("b"))),
            (a().then(b()).at(1), a().entry(key("b"))),
            (a().entry(key("x")), a().entry(key("x")).at(3)),
            // DynamoDB says "conflict": `a` cannot be both.
            (a().at(0), a().then(b())),
            (a().at(3).then(b()), a().then(b()).at(3)),
        ] {
            assert!(left.overlaps(&right), "{left} {right}");
            assert!(right.overlaps(&left), "{right} {left}");
        }
        for (left, right) in [
            (a(), b()),
            (a().then(b()), b().then(a())),
            (a().at(0), a().at(1)),
            (a().at(0).then(b()), a().at(1).then(b())),
            (a().then(b()), a().then(path("c"))),
            (a().entry(key("x")), a().entry(key("y"))),
            (a().then(b()), a().entry(key("b.c"))),
        ] {
            assert!(!left.overlaps(&right), "{left} {right}");
            assert!(!right.overlaps(&left), "{right} {left}");
        }
    }

    #[test]
    fn a_path_is_at_most_as_deep_as_an_item() {
        let deepest = (1..MAX_PATH_ELEMENTS).fold(path("a"), |path, _| path.at(0));
        assert!(deepest.error().is_none());
        let too_deep = deepest.at(0);
        assert_eq!(
            too_deep.error().unwrap().to_string(),
            format!(
                "the path `{too_deep}` has more than 32 elements, and DynamoDB nests no deeper"
            )
        );
        let joined = (0..20)
            .fold(path("a"), |path, _| path.at(0))
            .then((0..20).fold(path("b"), |path, _| path.at(0)));
        assert!(joined.error().is_some());
    }

    #[test]
    fn a_key_is_neither_empty_nor_too_long() {
        let entry = |size: usize| path("a").entry(key(&"x".repeat(size)));
        assert!(entry(1).error().is_none());
        assert!(entry(MAX_KEY_SIZE).error().is_none());
        for size in [0, MAX_KEY_SIZE + 1] {
            let error = entry(size).error().unwrap().to_string();
            assert!(error.starts_with("the key of the map in `a.?` has "), "{error}");
        }
    }

    #[test]
    fn an_index_is_within_what_an_item_can_hold() {
        assert!(path("a").at(MAX_LIST_LENGTH - 1).error().is_none());
        let error = path("a").at(usize::MAX).then(path("b")).error().unwrap().to_string();
        assert!(error.contains("no list in an item is as long"), "{error}");
        assert!(path("a").at(MAX_LIST_LENGTH).error().is_some());
        let inner = path("a").then(path("b").at(MAX_LIST_LENGTH)).error().unwrap().to_string();
        assert!(inner.starts_with("the path `b[409600]` has the index 409600"), "{inner}");
    }

    #[test]
    fn a_key_that_cannot_be_written_is_told_as_such() {
        let mut writer = Writer::with_capacity(0);
        writer.refuse("no key is of this kind");
        let path = path("a").entry(Err(writer.finish().unwrap_err()));
        let error = path.error().unwrap().to_string();
        assert_eq!(error, "the value for `a`: no key is of this kind");
    }
}
