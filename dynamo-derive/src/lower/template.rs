//! Templates of keys, `"ORDER#{placed_at}#{order_id}"`, to the model's.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;

use super::fields::FieldDraft;
use super::names::{MAX_KEY_NAME_SIZE, generated_type};
use super::raw_segments::raw_segments;
use super::segments::{Found, Mistake, segments};
use crate::attr::{KeyForm, Purpose, TemplateAttribute};
use crate::errors::{Errors, quoted};
use crate::model::{
    Attribute, Field, Form, Index, Key, KeyAttribute, KeyGroup, LetterCase, RawForm, Scope,
    Segment, Template,
};
use crate::near::nearest;

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

    /// What the key of a guard is made of.
    pub(super) fn of_guard(&self, template: &LitStr, errors: &mut Errors) -> Option<Vec<Segment>> {
        let text = template.value();
        match segments(&text) {
            Ok(found) => {
                found.into_iter().map(|found| self.segment(found, template, errors)).collect()
            }
            Err(mistake) => {
                mistake.report(template, errors);
                None
            }
        }
    }

    fn read(&mut self, attribute: &TemplateAttribute, errors: &mut Errors) -> Option<Rc<Template>> {
        let TemplateAttribute { name, form, template, .. } = attribute;
        self.check_name(name, errors);
        let casing = check_form(form, errors);
        let text = template.value();
        let found = match &form.raw {
            None => segments(&text),
            Some(_) => raw_segments(&text, casing),
        };
        let found = match found {
            Ok(found) => found,
            Err(mistake) => {
                mistake.report(template, errors);
                return None;
            }
        };
        let raw = form.raw.is_some().then(|| RawForm {
            casing,
            is_lossy: form.lossy.is_some(),
            widths: found
                .iter()
                .filter(|found| found.part.is_some())
                .map(|part| part.width)
                .collect(),
        });
        let segments: Option<Vec<_>> =
            found.into_iter().map(|found| self.segment(found, template, errors)).collect();
        let segments = segments?;
        check_each_part_once(template, &segments, errors);
        let name_in_table = name.value();
        let Some(known) = self.known.iter().find(|known| known.name == name_in_table) else {
            let place = template.span();
            let template = Rc::new(Template { name: name_in_table, segments, raw, place });
            self.known.push(Rc::clone(&template));
            return Some(template);
        };
        check_same(name, known, &segments, raw.as_ref(), errors);
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

    /// What is no attribute is read from the table's key.
    pub(super) fn check_key_only(&self, draft: &FieldDraft<'_>, errors: &mut Errors) {
        let Some(word) = &draft.attributes.key_only else { return };
        let field = draft.ident;
        let is_part = |part: &Attribute| part.ident == *field;
        let mut keys = self.known.iter().take(self.of_table);
        let Some(key) = keys.find(|template| template.parts().any(is_part)) else {
            errors.report(
                word,
                format_args!("`{field}` is no part of the table's key, so it would be in no item"),
                format_args!(
                    "name it in the template of the key, `{{{field}}}`; or remove `key_only`"
                ),
            );
            return;
        };
        if key.raw.as_ref().is_some_and(|raw| raw.is_lossy) {
            errors.report(
                word,
                format_args!("`{field}` is in the key only, and the key `{}` is lossy, so it could not be read back", key.name),
                "remove `key_only`, so that it is an attribute too",
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

/// What is said of the form of a key is said of one that is raw.
fn check_form(form: &KeyForm, errors: &mut Errors) -> LetterCase {
    let KeyForm { raw, lowercase, uppercase, lossy } = form;
    if raw.is_none() {
        for word in [lowercase, uppercase, lossy].into_iter().flatten() {
            errors.report(
                word,
                format_args!("`{word}` is about a key in the form of another library"),
                format_args!("remove `{word}`, or say `raw` before it: a raw key is written as it stands here"),
            );
        }
    }
    match (lowercase, uppercase) {
        (Some(_), Some(word)) => {
            errors.report(
                word,
                "a key is in lower case or in upper case",
                "keep one of `lowercase` and `uppercase`",
            );
            LetterCase::Lower
        }
        (Some(_), None) => LetterCase::Lower,
        (None, Some(_)) => LetterCase::Upper,
        (None, None) => LetterCase::Kept,
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
fn check_same(
    name: &LitStr,
    known: &Template,
    segments: &[Segment],
    raw: Option<&RawForm>,
    errors: &mut Errors,
) {
    let is_same = known.raw.as_ref() == raw
        && known.segments.len() == segments.len()
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
