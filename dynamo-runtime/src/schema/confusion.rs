//! Whether the keys of two entities in one table could be confused, at compile time.
//!
//! A key's text has one reading: no part holds a delimiter. So two templates can give one key only
//! if they have as many segments, and each is the same fixed text, or a part where the other's text
//! could be one. A part is taken for any text whatever its type, so that a change of the type
//! confuses nothing.

#[cfg(test)]
mod tests;

use super::EntitySchema;
use crate::codec::{ConstantAttribute, Message, is_same};
use crate::key::{Casing, KeyAttribute, Segment, Template, has_fixed_text};

/// How the items of two entities in one table could be taken for each other.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confusion {
    /// In no way.
    None,
    /// An item of one could have the key of an item of the other.
    SameKey,
    /// A query of one could read items of the other.
    SameQuery,
}

/// How items of the two entities could be taken for each other in their table.
#[doc(hidden)]
pub const fn confusion(first: &EntitySchema, second: &EntitySchema) -> Confusion {
    if have_different_constants(first.constants, second.constants) {
        return Confusion::None;
    }
    between((first.partition_key, first.sort_key), (second.partition_key, second.sort_key))
}

/// Whether one attribute tells the items of two entities apart: a constant of both, of two texts.
///
/// A constant of one alone tells nothing to the other, which passes over attributes that it does not know.
pub(super) const fn have_different_constants(
    mut first: &[ConstantAttribute],
    second: &[ConstantAttribute],
) -> bool {
    while let [one, rest @ ..] = first {
        let mut others = second;
        while let [other, others_rest @ ..] = others {
            if is_same(one.name.as_bytes(), other.name.as_bytes())
                && !is_same(one.text.as_bytes(), other.text.as_bytes())
            {
                return true;
            }
            others = others_rest;
        }
        first = rest;
    }
    false
}

/// Whether a guard of the one could have the key of an item of the other, or of a guard of it.
pub(super) const fn guards_collide(one: &EntitySchema, other: &EntitySchema) -> bool {
    let mut guards = one.unique;
    while let [guard, rest @ ..] = guards {
        if can_be_equal(Some(guard.template), other.partition_key.template) {
            return true;
        }
        let mut others = other.unique;
        while let [other_guard, others_rest @ ..] = others {
            if can_be_equal(Some(guard.template), Some(other_guard.template)) {
                return true;
            }
            others = others_rest;
        }
        guards = rest;
    }
    false
}

/// Refuses to compile a guard that could have the key of an item, or of an earlier guard.
///
/// # Panics
/// When it could, so that the compiler tells it.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_guard(schema: &EntitySchema, place: usize) {
    let (earlier, [guard, ..]) = schema.unique.split_at(place) else { return };
    let mut is_apart = !can_be_equal(Some(guard.template), schema.partition_key.template);
    let mut rest = earlier;
    while let [other, others @ ..] = rest {
        is_apart = is_apart && !can_be_equal(Some(guard.template), Some(other.template));
        rest = others;
    }
    if !is_apart {
        let message = Message::EMPTY.with("the guard of `").with(guard.name);
        let message = message.with("` could have the key of another item of `").with(schema.entity);
        let message = message.with("`\n\nhelp: begin its key with a fixed text of its own, ");
        panic!("{}", message.with("as in `EMAIL#{email}`").as_str());
    }
}

/// How two entities disagree about an index of one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IndexConfusion {
    /// In no way.
    None,
    /// Its keys are other attributes to one than to the other.
    OtherKeys(&'static str),
    /// An item of one could stand under a key of the other.
    SameKey(&'static str),
    /// The entity does not name the index of the other, and its items could be in it.
    Strayed { index: &'static str, entity: &'static str },
}

/// How items of the two entities could be taken for each other in an index.
pub(crate) const fn index_confusion(first: &EntitySchema, second: &EntitySchema) -> IndexConfusion {
    match confusion_in_indexes_of(first, second) {
        IndexConfusion::None => match confusion_in_indexes_of(second, first) {
            // What both have was compared.
            found @ IndexConfusion::Strayed { .. } => found,
            _ => IndexConfusion::None,
        },
        found => found,
    }
}

const fn confusion_in_indexes_of(first: &EntitySchema, second: &EntitySchema) -> IndexConfusion {
    let are_told_apart = have_different_constants(first.constants, second.constants);
    let mut indexes = first.indexes;
    while let [one, rest @ ..] = indexes {
        let mut is_of_both = false;
        let mut others = second.indexes;
        while let [other, others_rest @ ..] = others {
            if is_same(one.name.as_bytes(), other.name.as_bytes()) {
                is_of_both = true;
                if !(are_same_attributes(one.partition_keys, other.partition_keys)
                    && are_same_attributes(one.sort_keys, other.sort_keys))
                {
                    return IndexConfusion::OtherKeys(one.name);
                }
                if !are_told_apart
                    && can_all_be_equal(one.partition_keys, other.partition_keys)
                    && can_all_be_equal(one.sort_keys, other.sort_keys)
                {
                    return IndexConfusion::SameKey(one.name);
                }
            }
            others = others_rest;
        }
        if !is_of_both
            && !are_told_apart
            && can_have_keys(second, one.partition_keys)
            && can_have_keys(second, one.sort_keys)
        {
            return IndexConfusion::Strayed { index: one.name, entity: second.entity };
        }
        indexes = rest;
    }
    IndexConfusion::None
}

/// Whether an item of the entity could have these keys, of an index that it does not name: then it
/// is in the index all the same.
const fn can_have_keys(entity: &EntitySchema, mut keys: &[KeyAttribute]) -> bool {
    while let [key, rest @ ..] = keys {
        if !entity.names.has(key.name) || !can_be_equal(template_of(entity, key.name), key.template)
        {
            return false;
        }
        keys = rest;
    }
    true
}

/// The form of an attribute that is made of others.
const fn template_of(entity: &EntitySchema, attribute: &str) -> Option<Template> {
    let mut templates = entity.templates;
    while let [known, rest @ ..] = templates {
        if is_same(known.attribute.as_bytes(), attribute.as_bytes()) {
            return Some(known.template);
        }
        templates = rest;
    }
    None
}

const fn are_same_attributes(mut first: &[KeyAttribute], mut second: &[KeyAttribute]) -> bool {
    loop {
        match (first, second) {
            ([], []) => return true,
            ([one, rest @ ..], [other, other_rest @ ..])
                if is_same(one.name.as_bytes(), other.name.as_bytes())
                    && is_same(one.code.as_bytes(), other.code.as_bytes()) =>
            {
                (first, second) = (rest, other_rest);
            }
            _ => return false,
        }
    }
}

const fn can_all_be_equal(mut first: &[KeyAttribute], mut second: &[KeyAttribute]) -> bool {
    while let ([one, rest @ ..], [other, other_rest @ ..]) = (first, second) {
        if !can_be_equal(one.template, other.template) {
            return false;
        }
        (first, second) = (rest, other_rest);
    }
    true
}

const fn between(
    first: (KeyAttribute, Option<KeyAttribute>),
    second: (KeyAttribute, Option<KeyAttribute>),
) -> Confusion {
    if !can_be_equal(first.0.template, second.0.template) {
        return Confusion::None;
    }
    let (Some(first), Some(second)) = (first.1, second.1) else { return Confusion::SameKey };
    if can_be_equal(first.template, second.template) {
        return Confusion::SameKey;
    }
    match (first.template, second.template) {
        (Some(one), Some(other)) if reads(one, other) || reads(other, one) => Confusion::SameQuery,
        _ => Confusion::None,
    }
}

/// Whether two keys can be equal; one without a template can be any.
pub(super) const fn can_be_equal(first: Option<Template>, second: Option<Template>) -> bool {
    let (Some(first), Some(second)) = (first, second) else { return true };
    if first.as_raw().is_some() || second.as_raw().is_some() {
        let (one, other) = (FixedText::of(first), FixedText::of(second));
        return match (one.is_whole, other.is_whole) {
            (true, false) => other.has(second, &one),
            (false, true) => one.has(first, &other),
            _ => one.can_be_of(&other),
        };
    }
    let (mut first, mut second) = (first.segments(), second.segments());
    loop {
        match (first, second) {
            ([one, rest @ ..], [other, other_rest @ ..]) if can_be_same(*one, *other) => {
                (first, second) = (rest, other_rest);
            }
            ([], []) => return true,
            _ => return false,
        }
    }
}

/// Whether two keys are one attribute of one form, whatever their parts are called.
pub(crate) const fn is_same_form(first: KeyAttribute, second: KeyAttribute) -> bool {
    let is_one_attribute = is_same(first.name.as_bytes(), second.name.as_bytes())
        && is_same(first.code.as_bytes(), second.code.as_bytes());
    let (mut first, mut second) = match (first.template, second.template) {
        (Some(first), Some(second)) if is_written_alike(first, second) => {
            (first.segments(), second.segments())
        }
        (None, None) => return is_one_attribute,
        _ => return false,
    };
    loop {
        match (first, second) {
            ([Segment::Fixed(one), rest @ ..], [Segment::Fixed(other), other_rest @ ..])
                if is_same(one.as_bytes(), other.as_bytes()) =>
            {
                (first, second) = (rest, other_rest);
            }
            ([Segment::Part(_), rest @ ..], [Segment::Part(_), other_rest @ ..]) => {
                (first, second) = (rest, other_rest);
            }
            ([], []) => return is_one_attribute,
            _ => return false,
        }
    }
}

/// Whether a query by all that is fixed before the first part of one sort key can find the other.
///
/// A key that is fixed as a whole is asked for by that.
pub(super) const fn reads(query: Template, other: Template) -> bool {
    if query.as_raw().is_some() || other.as_raw().is_some() {
        let query = FixedText::of(query);
        return !query.is_whole && query.begins_as(&FixedText::of(other));
    }
    let (mut query, mut other) = (query.segments(), other.segments());
    loop {
        match (query, other) {
            ([fixed @ Segment::Fixed(_), rest @ ..], [segment, other_rest @ ..])
                if can_be_same(*fixed, *segment) =>
            {
                (query, other) = (rest, other_rest);
            }
            ([Segment::Part(_), ..], [_, ..]) => return true,
            _ => return false,
        }
    }
}

/// Whether two forms of keys write the same parts alike.
const fn is_written_alike(first: Template, second: Template) -> bool {
    let (Some(first), Some(second)) = (first.as_raw(), second.as_raw()) else {
        return first.as_raw().is_none() && second.as_raw().is_none();
    };
    let is_one_case = matches!(
        (first.casing, second.casing),
        (Casing::Kept, Casing::Kept)
            | (Casing::Lower, Casing::Lower)
            | (Casing::Upper, Casing::Upper)
    );
    let (mut first, mut second) = (first.widths, second.widths);
    loop {
        match (first, second) {
            ([one, rest @ ..], [other, other_rest @ ..]) if *one == *other => {
                (first, second) = (rest, other_rest);
            }
            ([], []) => return is_one_case,
            _ => return false,
        }
    }
}

/// What all keys of a form begin and end with.
///
/// Where one form is raw, no more is looked at: a part is taken for any text at all.
struct FixedText {
    start: Message,
    end: Message,
    /// Whether that is all, and the same.
    is_whole: bool,
}

impl FixedText {
    const fn of(template: Template) -> Self {
        let delimiter = if template.as_raw().is_some() { "" } else { "#" };
        let mut fixed = Self { start: Message::EMPTY, end: Message::EMPTY, is_whole: true };
        let mut segments = template.segments();
        let mut is_first = true;
        while let [segment, rest @ ..] = segments {
            if !is_first {
                fixed = fixed.with(delimiter);
            }
            fixed = match segment {
                Segment::Fixed(text) => fixed.with(text),
                Segment::Part(_) => {
                    Self { start: fixed.start, end: Message::EMPTY, is_whole: false }
                }
            };
            is_first = false;
            segments = rest;
        }
        fixed
    }

    const fn with(self, text: &str) -> Self {
        let Self { start, end, is_whole } = self;
        let start = if is_whole { start.with(text) } else { start };
        Self { start, end: end.with(text), is_whole }
    }

    const fn can_be_of(&self, other: &Self) -> bool {
        if self.is_whole && other.is_whole {
            return is_same(self.start.as_str().as_bytes(), other.start.as_str().as_bytes());
        }
        self.begins_as(other) && self.ends_as(other)
    }

    /// Whether a whole text has a part between the start and the end, and what is between the parts.
    const fn has(&self, template: Template, whole: &Self) -> bool {
        if template.as_raw().is_some() {
            return has_fixed_text(template.segments(), whole.start.as_str().as_bytes());
        }
        let (start, end) = (self.start.as_str().len(), self.end.as_str().len());
        whole.start.as_str().len() > start + end && self.begins_as(whole) && self.ends_as(whole)
    }

    /// Whether one start goes on from the other.
    const fn begins_as(&self, other: &Self) -> bool {
        let (mut one, mut other) =
            (self.start.as_str().as_bytes(), other.start.as_str().as_bytes());
        while let ([byte, rest @ ..], [other_byte, other_rest @ ..]) = (one, other) {
            if *byte != *other_byte {
                return false;
            }
            (one, other) = (rest, other_rest);
        }
        true
    }

    const fn ends_as(&self, other: &Self) -> bool {
        let (mut one, mut other) = (self.end.as_str().as_bytes(), other.end.as_str().as_bytes());
        while let ([rest @ .., byte], [other_rest @ .., other_byte]) = (one, other) {
            if *byte != *other_byte {
                return false;
            }
            (one, other) = (rest, other_rest);
        }
        true
    }
}

/// Whether two segments can be the same text.
const fn can_be_same(one: Segment, other: Segment) -> bool {
    match (one, other) {
        (Segment::Part(_), Segment::Part(_)) => true,
        (Segment::Fixed(fixed), Segment::Part(_)) | (Segment::Part(_), Segment::Fixed(fixed)) => {
            can_be_a_part(fixed.as_bytes())
        }
        (Segment::Fixed(one), Segment::Fixed(other)) => is_same(one.as_bytes(), other.as_bytes()),
    }
}

/// Whether some text is escaped as this.
const fn can_be_a_part(mut text: &[u8]) -> bool {
    if text.is_empty() {
        return false;
    }
    loop {
        match text {
            [] => return true,
            [b'%', b'0' | b'1', b'0'..=b'9' | b'A'..=b'F', rest @ ..]
            | [b'%', b'2', b'0'..=b'5', rest @ ..] => text = rest,
            [(..=b'%'), ..] => return false,
            [_, rest @ ..] => text = rest,
        }
    }
}
