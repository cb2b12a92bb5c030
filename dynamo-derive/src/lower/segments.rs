//! The text of a template, `"ORDER#{placed_at}#{order_id}"`, to what stands between its delimiters.

use std::fmt::Display;

use proc_macro2::Ident;
use syn::LitStr;

use crate::errors::Errors;

/// What ends a part.
const DELIMITER: char = '#';
/// What is in no key.
const RESERVED: char = '$';

/// What stands between two delimiters.
#[derive(Clone, Copy)]
pub(super) struct Found<'t> {
    /// Where it starts in the template, in bytes.
    pub(super) start: usize,
    pub(super) text: &'t str,
    /// The field's name, if it is a part.
    pub(super) part: Option<&'t str>,
    /// How many characters the part has at least.
    pub(super) width: usize,
}

/// A mistake in a template, with the place that the message points at.
pub(super) struct Mistake {
    wrong: String,
    help: String,
}

impl Mistake {
    /// Stable proc macros cannot point into a string, so the message draws it.
    pub(super) fn new(
        template: &str,
        start: usize,
        length: usize,
        wrong: impl Display,
        help: impl Display,
    ) -> Self {
        let width = |text: Option<&str>| text.unwrap_or_default().chars().count();
        let before = " ".repeat(width(template.get(..start)));
        let carets = "^".repeat(width(template.get(start..start + length)).max(1));
        Self {
            wrong: format!("{wrong}\n\n  | {template}\n  | {before}{carets}"),
            help: help.to_string(),
        }
    }

    pub(super) fn report(self, place: &LitStr, errors: &mut Errors) {
        errors.report(place, self.wrong, self.help);
    }
}

/// The segments of a template.
pub(super) fn segments(template: &str) -> Result<Vec<Found<'_>>, Mistake> {
    if template.is_empty() {
        return Err(Mistake::new(
            template,
            0,
            0,
            "a key cannot be empty",
            "write fixed text and parts: `CUSTOMER#{customer_id}`",
        ));
    }
    let mut start = 0;
    let mut found = Vec::new();
    for text in template.split(DELIMITER) {
        let part = part(template, start, text)?;
        found.push(Found { start, text, part, width: 0 });
        start += text.len() + DELIMITER.len_utf8();
    }
    Ok(found)
}

/// The field that a segment names, unless it is fixed text.
fn part<'t>(template: &str, start: usize, text: &'t str) -> Result<Option<&'t str>, Mistake> {
    let at = |place: &str, wrong: &str, help: String| {
        // `place` is a piece of `text`, whatever comes after it.
        let position = text.len() - place.len();
        let length = place.find('}').map_or(place.len(), |close| close + 1);
        Mistake::new(template, start + position, length, wrong, help)
    };
    let Some(open) = text.find(['{', '}']) else {
        return check_fixed(template, start, text, "use another character").map(|()| None);
    };
    let (before, rest) = text.split_at(open);
    check_fixed(template, start, before, "a part is `{field}`, without `$`")?;
    let Some(inside) = rest.strip_prefix('{') else {
        return Err(at(rest, "this `}` closes no part", "a part is `{field}`".to_owned()));
    };
    let Some((name, after)) = inside.split_once('}') else {
        return Err(at(rest, "this part is not closed", "a part is `{field}`".to_owned()));
    };
    if !is_field_name(name) {
        let wrong = "a part is the name of a field";
        let help = match meant_field(name) {
            Some(field) => format!("write `{{{field}}}`: its type says how it stands in the key"),
            None => "a part is `{field}`".to_owned(),
        };
        return Err(at(rest, wrong, help));
    }
    if let Some(more) = after.strip_prefix('}') {
        return Err(at(after, "this `}` closes no part", write(before, name, more)));
    }
    if !before.is_empty() {
        let wrong = "a part stands after `#` or at the start of the key";
        return Err(at(rest, wrong, write(before, name, after)));
    }
    if !after.is_empty() {
        let wrong = "a part ends at `#` or at the end of the key: else two keys could be one";
        return Err(at(after, wrong, write(before, name, after)));
    }
    Ok(Some(name))
}

/// What to write for a part with text around it: a segment each, if they can be.
fn write(before: &str, name: &str, after: &str) -> String {
    let part = format!("{{{name}}}");
    let all = [before, &part, after];
    let all: Vec<_> = all.into_iter().filter(|text| !text.is_empty()).collect();
    let key = all.join("#");
    match segments(&key) {
        Ok(_) => format!("write `{key}`"),
        Err(_) => "a part is `{field}`, between `#` and `#` or an end of the key".to_owned(),
    }
}

/// Fixed text has no character that ends the ranges of queries.
fn check_fixed(template: &str, start: usize, text: &str, help: &str) -> Result<(), Mistake> {
    let Some(position) = text.find(RESERVED) else { return Ok(()) };
    let wrong = "`$` cannot be in a key: it is what ends the ranges of queries";
    Err(Mistake::new(template, start + position, RESERVED.len_utf8(), wrong, help))
}

pub(super) fn is_field_name(name: &str) -> bool {
    let is_identifier = |name: &str| syn::parse_str::<Ident>(name).is_ok();
    // The parser passes over spaces.
    name.trim() == name && (is_identifier(name) || is_identifier(&format!("r#{name}")))
}

/// The field in what Rust's own formats would take: `{{id}}`, `{id:?}`, `{self.id}`, `{ id }`.
fn meant_field(name: &str) -> Option<&str> {
    let name = name.split(':').next()?.rsplit('.').next()?;
    Some(name.trim_matches(|c: char| c == '{' || c.is_whitespace()))
        .filter(|name| is_field_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the help of a mistake says to write, if it says that.
    fn written(template: &str) -> Option<String> {
        let mistake = segments(template).err()?;
        let (_, rest) = mistake.help.split_once("write `")?;
        Some(rest.split_once('`')?.0.to_owned())
    }

    /// All texts of these letters, up to this length.
    fn texts(letters: &str, length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..length {
            let longer = |text: &String| {
                letters.chars().map(|letter| format!("{text}{letter}")).collect::<Vec<_>>()
            };
            last = last.iter().flat_map(longer).collect();
            all.extend(last.clone());
        }
        all
    }

    #[test]
    fn what_the_help_says_to_write_is_accepted() {
        let mut count = 0;
        for template in texts("a{}$-:.", 6) {
            if let Some(help) = written(&template) {
                assert!(segments(&help).is_ok(), "`{help}`, from `{template}`");
                count += 1;
            }
        }
        assert!(count > 1000, "{count} helps");
    }

    #[test]
    fn a_part_in_the_form_of_another_language_is_understood() {
        for template in ["A#{{id}}", "A#{id:?}", "A#{self.id}", "A#{ id }", "A#{id}}", "A#-{id}"] {
            let help = written(template).unwrap();
            assert!(help.ends_with("{id}"), "{help} of {template}");
        }
        assert_eq!(written("A#-{id}-B").unwrap(), "-#{id}#-B");
    }
}
