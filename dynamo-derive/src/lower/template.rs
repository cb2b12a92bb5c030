//! Templates of keys, `"ORDER#{placed_at}#{order_id}"`, to the model's.

use std::fmt::Display;
use std::rc::Rc;

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;

use super::fields::FieldDraft;
use super::names::{MAX_KEY_NAME_SIZE, generated_type};
use crate::attr::{Purpose, TemplateAttribute};
use crate::errors::{Errors, quoted};
use crate::model::{
    Attribute, Field, Form, Index, Key, KeyAttribute, KeyGroup, Scope, Segment, Template,
};
use crate::near::nearest;

/// What ends a part.
const DELIMITER: char = '#';
/// What is in no key.
const RESERVED: char = '$';

/// The templates that were read so far, and the fields that can be their parts.
pub(super) struct Templates<'a> {
    entity: &'a Ident,
    fields: &'a [Field],
    ttl: Option<&'a Attribute>,
    known: Vec<Rc<Template>>,
    /// How many of them are keys of the table.
    of_table: usize,
}

impl<'a> Templates<'a> {
    pub(super) fn new(entity: &'a Ident, fields: &'a [Field], ttl: Option<&'a Attribute>) -> Self {
        Self { entity, fields, ttl, known: Vec::new(), of_table: 0 }
    }

    /// All of them, each attribute once.
    pub(super) fn all(self) -> Vec<Rc<Template>> {
        self.known
    }

    /// A key of the table.
    pub(super) fn of_table(
        &mut self,
        attribute: &TemplateAttribute,
        errors: &mut Errors,
    ) -> Option<Rc<Template>> {
        let template = self.read(attribute, errors);
        self.of_table = self.known.len();
        template
    }

    /// A key of an index, which may be one of the table's too.
    pub(super) fn of_index(
        &mut self,
        attribute: &TemplateAttribute,
        errors: &mut Errors,
    ) -> Option<Rc<Template>> {
        self.read(attribute, errors)
    }

    fn read(&mut self, attribute: &TemplateAttribute, errors: &mut Errors) -> Option<Rc<Template>> {
        let TemplateAttribute { name, template, .. } = attribute;
        self.check_name(name, errors);
        let text = template.value();
        let found = match segments(&text) {
            Ok(found) => found,
            Err(mistake) => {
                mistake.report(template, errors);
                return None;
            }
        };
        let segments: Option<Vec<_>> =
            found.into_iter().map(|found| self.segment(found, template, errors)).collect();
        let segments = segments?;
        check_each_part_once(template, &segments, errors);
        let name_in_table = name.value();
        let Some(known) = self.known.iter().find(|known| known.name == name_in_table) else {
            let template = Rc::new(Template { name: name_in_table, segments });
            self.known.push(Rc::clone(&template));
            return Some(template);
        };
        check_same(name, known, &segments, errors);
        Some(Rc::clone(known))
    }

    fn segment(&self, found: Found<'_>, template: &LitStr, errors: &mut Errors) -> Option<Segment> {
        match found.part {
            None => Some(Segment::Fixed(found.text.to_owned())),
            Some(name) => self.part(name, &found, template, errors).map(Segment::Part),
        }
    }

    /// A part is a field that is stored.
    fn part(
        &self,
        name: &str,
        found: &Found<'_>,
        template: &LitStr,
        errors: &mut Errors,
    ) -> Option<Rc<Attribute>> {
        let mut mistake = |wrong: String, help: String| {
            Mistake::new(&template.value(), found.start, found.text.len(), wrong, help)
                .report(template, errors);
        };
        for field in self.fields {
            match field {
                Field::Stored(attribute) if attribute.ident.unraw() == name => {
                    if self.ttl.is_some_and(|ttl| ttl.is(attribute)) {
                        mistake(
                            format!("`{name}` is the `ttl`, which cannot be a part of a key"),
                            "store the time in a second field, and make that the part".to_owned(),
                        );
                    }
                    if attribute.form == Form::Serde {
                        mistake(
                            format!("`{name}` is stored by serde, so it cannot be a part of a key"),
                            format!("remove `serde` from `{name}`, or choose another field"),
                        );
                        return None;
                    }
                    return Some(Rc::clone(attribute));
                }
                Field::Skipped(skipped) if skipped.ident.unraw() == name => {
                    mistake(
                        format!("`{name}` is skipped, so it cannot be a part of a key"),
                        format!("remove `skip` from `{name}`, or choose a field that is stored"),
                    );
                    return None;
                }
                Field::Stored(_) | Field::Skipped(_) | Field::Flattened(_) | Field::Unknown(_) => {}
            }
        }
        let known: Vec<_> = self.stored().map(|field| field.ident.unraw().to_string()).collect();
        let help = match nearest(name, known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{{{meant}}}`?"),
            None => format!("the fields are {}", quoted(&known)),
        };
        mistake(format!("`{}` has no field `{name}`", self.entity), help);
        None
    }

    fn stored(&self) -> impl Iterator<Item = &Attribute> {
        self.fields.iter().filter_map(|field| match field {
            Field::Stored(attribute) => Some(&**attribute),
            Field::Skipped(_) | Field::Flattened(_) | Field::Unknown(_) => None,
        })
    }

    /// The key has an attribute of its own.
    fn check_name(&self, name: &LitStr, errors: &mut Errors) {
        let value = name.value();
        if !(1..=MAX_KEY_NAME_SIZE).contains(&value.len()) {
            errors.report(
                name,
                format_args!(
                    "the name of a key has 1 to {MAX_KEY_NAME_SIZE} bytes, and this has {}",
                    value.len()
                ),
                r#"name the key's attribute in the table, as in `partition_key("pk")`"#,
            );
        } else if let Some(field) = self.stored().find(|field| field.name == value) {
            let field = &field.ident;
            errors.report(
                name,
                format_args!("the key and the field `{field}` are both stored as `{value}`"),
                format_args!(
                    r#"a key that is made of fields has an attribute of its own: choose another name, or rename the field: `#[dynamo(rename = "..")]` on `{field}`"#
                ),
            );
        }
    }

    /// A part of the table's key is in every item and never changes.
    pub(super) fn check_parts_of_table(&self, draft: &FieldDraft<'_>, errors: &mut Errors) {
        let of_table = self.known.iter().take(self.of_table);
        let is_part = |part: &Attribute| part.ident == *draft.ident;
        if !of_table.flat_map(|template| template.parts()).any(is_part) {
            return;
        }
        let field = draft.ident;
        if let Some((word, _)) = &draft.attributes.default {
            errors.report(
                word,
                format_args!("`{field}` is a part of the key, and a key has no default"),
                "every item has its key: remove `default`",
            );
        }
        for (word, purpose) in &draft.attributes.purposes {
            // The `ttl` was told as no part of any key.
            if !purpose.is_key() && *purpose != Purpose::Ttl {
                errors.report(
                    word,
                    format_args!(
                        "`{field}` is a part of the key, and the library cannot manage a key"
                    ),
                    format_args!("give {} a field of its own", purpose.name()),
                );
            }
        }
    }
}

/// A part that stands twice says nothing new.
fn check_each_part_once(template: &LitStr, segments: &[Segment], errors: &mut Errors) {
    let mut seen: Vec<&Attribute> = Vec::new();
    for segment in segments {
        let Segment::Part(part) = segment else { continue };
        if seen.iter().any(|known| known.is(part)) {
            errors.report(
                template,
                format_args!("`{}` is a part of this key twice", part.ident),
                "name each part once",
            );
        }
        seen.push(part);
    }
}

/// One attribute has one template, which may be said of several keys.
fn check_same(name: &LitStr, known: &Template, segments: &[Segment], errors: &mut Errors) {
    let is_same = known.segments.len() == segments.len()
        && known.segments.iter().zip(segments).all(|pair| match pair {
            (Segment::Fixed(one), Segment::Fixed(other)) => one == other,
            (Segment::Part(one), Segment::Part(other)) => one.is(other),
            _ => false,
        });
    if !is_same {
        errors.report(
            name,
            format_args!("`{}` is made of two different templates", name.value()),
            "give both keys the same template, or attributes of their own",
        );
    }
}

/// The fields that must be set together: all that a key of an index needs, of which each may be a
/// part of other keys.
pub(super) fn groups(key: &Key, indexes: &[Index], errors: &mut Errors) -> Vec<KeyGroup> {
    let mut groups: Vec<KeyGroup> = Vec::new();
    for index in indexes {
        let keys = match &index.scope {
            Scope::Global(key) => key.attributes().collect(),
            Scope::Local { sort_key } => vec![sort_key],
        };
        for template in keys.into_iter().filter_map(KeyAttribute::template) {
            if key.is_template(template) {
                continue;
            }
            let own: Vec<_> = template
                .segments
                .iter()
                .filter_map(|segment| match segment {
                    Segment::Part(part) if !key.contains(part) => Some(Rc::clone(part)),
                    Segment::Part(_) | Segment::Fixed(_) => None,
                })
                .collect();
            join(&mut groups, index, own);
        }
    }
    groups.retain(|group| group.parts.len() > 1);
    for group in &groups {
        check_no_managed_part(group, errors);
    }
    groups
}

/// Adds the parts of a key to the groups that have one of them, which become one.
fn join(groups: &mut Vec<KeyGroup>, index: &Index, own: Vec<Rc<Attribute>>) {
    let is_joined =
        |group: &KeyGroup| group.parts.iter().any(|known| own.iter().any(|part| part.is(known)));
    let (touched, mut others): (Vec<_>, Vec<_>) =
        std::mem::take(groups).into_iter().partition(is_joined);
    let mut touched = touched.into_iter();
    let mut joined = touched.next().unwrap_or_else(|| KeyGroup {
        ty: generated_type(&index.marker, "Key"),
        function: index.function.clone(),
        parts: Vec::new(),
    });
    for part in touched.flat_map(|group| group.parts).chain(own) {
        if joined.parts.iter().all(|known| !known.is(&part)) {
            joined.parts.push(part);
        }
    }
    others.push(joined);
    *groups = others;
}

/// What the library writes is not set together with what the program sets.
fn check_no_managed_part(group: &KeyGroup, errors: &mut Errors) {
    for part in &group.parts {
        if part.purpose.is_some() {
            errors.report(
                &part.ident,
                format_args!(
                    "`{}` is written by the library, and the other parts of the key of `{}` by the program",
                    part.ident, group.function
                ),
                "a time that the library writes can be the only part of an index's key: give it a key of its own",
            );
        }
    }
}

/// What stands between two delimiters.
#[derive(Clone, Copy)]
struct Found<'t> {
    /// Where it starts in the template, in bytes.
    start: usize,
    text: &'t str,
    /// The field's name, if it is a part.
    part: Option<&'t str>,
}

/// A mistake in a template, with the place that the message points at.
struct Mistake {
    wrong: String,
    help: String,
}

impl Mistake {
    /// Stable proc macros cannot point into a string, so the message draws it.
    fn new(
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

    fn report(self, place: &LitStr, errors: &mut Errors) {
        errors.report(place, self.wrong, self.help);
    }
}

/// The segments of a template.
fn segments(template: &str) -> Result<Vec<Found<'_>>, Mistake> {
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
        found.push(Found { start, text, part });
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

fn is_field_name(name: &str) -> bool {
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
