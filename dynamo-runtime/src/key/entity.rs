//! The templated keys of an entity: written with it, checked when it is read, kept when a part
//! changes.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use super::KeyError;
use super::check::{KeyErrorKind, MAX_PARTITION_KEY_SIZE, MAX_SORT_KEY_SIZE, check_size};
use super::part::{self, IndexTemplatePart, TemplatePart};
use super::template::{Parts, Template};
use super::text::{PartText, Problem};
use crate::attribute::AttributeAt;
use crate::codec::{DecodeError, Field, Members, Plain, Writer};
use crate::entity::{Entity, Record};
use crate::expression::Actions;
use crate::schema::KeyAttribute;
use crate::value::Timestamp;

/// A templated key attribute of an entity, of the table or of its indexes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct TemplatedKey {
    /// Its name in the table.
    pub attribute: &'static str,
    /// Its form.
    pub template: Template,
    /// Whether it is the sort key of the table or of an index, which is the shorter one.
    pub is_sort_key: bool,
    /// Whether it is a key of the table, which is in every item.
    pub is_of_table: bool,
    /// The parts that are no part of the table's key.
    pub own_parts: &'static [usize],
}

/// Describes a templated key.
pub const fn templated_key(
    key: KeyAttribute,
    is_sort_key: bool,
    is_of_table: bool,
    own_parts: &'static [usize],
) -> TemplatedKey {
    let template = match key.template {
        Some(template) => template,
        None => Template::new(&[]),
    };
    TemplatedKey { attribute: key.name, template, is_sort_key, is_of_table, own_parts }
}

/// A stored key while its item is read.
#[doc(hidden)]
pub type StoredKey<'de> = Field<Plain, Option<Cow<'de, str>>>;

impl TemplatedKey {
    /// The text of the key with these parts, within DynamoDB's limits.
    pub(crate) fn text<R: Record>(&self, parts: &dyn Parts) -> Result<Option<String>, KeyError> {
        let text = self.template.text(self.attribute, R::NAMES, parts)?;
        if let Some(text) = &text {
            let limit = if self.is_sort_key { MAX_SORT_KEY_SIZE } else { MAX_PARTITION_KEY_SIZE };
            check_size(self.attribute, text.len(), limit)?;
        }
        Ok(text)
    }
}

/// A part of the table's key: the `N`th attribute of the entity.
///
/// It is the one place that asks for a [`TemplatePart`], so that a field that is none is one error.
#[doc(hidden)]
pub trait TablePartAt<const N: usize>: AttributeAt<N, Value: TemplatePart> {}

/// A part of an index's key: the `N`th attribute of the entity.
#[doc(hidden)]
pub trait IndexPartAt<const N: usize>: AttributeAt<N, Value: IndexTemplatePart> {}

/// Writes a part of the table's key.
pub fn write_part<E: TablePartAt<N>, const N: usize>(part: &E::Value, text: &mut PartText) {
    part::write(part, text);
}

/// Writes a part of an index's key, which an absent one leaves out.
pub fn write_index_part<E: IndexPartAt<N>, const N: usize>(part: &E::Value, text: &mut PartText) {
    match part.present() {
        Some(part) => part::write(part, text),
        None => text.leave_out(),
    }
}

/// Hashes a part of the table's key.
pub fn hash_part<E: TablePartAt<N>, const N: usize, H: Hasher>(part: &E::Value, state: &mut H) {
    part.hash(state);
}

/// The one part of a partition key, which is given without its name.
pub(crate) struct OnePart<'a, T>(pub(crate) &'a T);

impl<T: TemplatePart> Parts for OnePart<'_, T> {
    fn write_part(&self, _: usize, text: &mut PartText) {
        part::write(self.0, text);
    }
}

/// The parts of a partition key that has none.
impl Parts for () {}

/// Checks the templated keys against DynamoDB's limits.
///
/// # Errors
/// A part is empty or has no text, or a key is too long.
pub fn check_templates<E: Entity>(entity: &E) -> Result<(), KeyError> {
    E::SCHEMA.templates.iter().try_for_each(|key| key.text::<E>(entity).map(|_| ()))
}

/// Writes the templated keys among the attributes of an item.
pub fn encode_templates<E: Entity>(entity: &E, writer: &mut Writer) {
    for key in E::SCHEMA.templates {
        match key.text::<E>(entity) {
            Ok(Some(text)) => writer.attribute(key.attribute, &text),
            Ok(None) => {}
            // A request says which part it is: it checks the keys before.
            Err(_) => writer.refuse("a part of a key is empty or has no text"),
        }
    }
}

/// Whether the stored keys, in the order of the schema, are those of the entity.
///
/// A key of an index may be absent: the item may have been written before the index was there.
///
/// # Errors
/// A key differs.
pub fn verify_templates<E: Entity>(
    entity: &E,
    stored: &[Option<Cow<'_, str>>],
    item: &Members<'_, '_>,
) -> Result<(), DecodeError> {
    for (key, stored) in E::SCHEMA.templates.iter().zip(stored) {
        let Some(stored) = stored else {
            if key.is_of_table {
                return Err(item.missing(key.attribute));
            }
            continue;
        };
        match key.template.text(key.attribute, E::NAMES, entity) {
            Ok(Some(text)) if text == *stored => {}
            _ => return Err(item.disagrees(key.attribute)),
        }
    }
    Ok(())
}

/// Whether an item with these keys is one of `E`, by their form: a collection asks of each of its
/// entities.
pub fn has_key_of<E: Entity>(partition_key: &str, sort_key: Option<&str>) -> bool {
    let has_form = |key: KeyAttribute, text: &str| {
        key.template.is_none_or(|template| template.split(text).is_some())
    };
    let sorted = match (E::SCHEMA.sort_key, sort_key) {
        (Some(key), Some(text)) => has_form(key, text),
        (None, None) => true,
        _ => false,
    };
    sorted && has_form(E::SCHEMA.partition_key, partition_key)
}

/// The parts of keys that an update writes, with their texts.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct WrittenParts(Vec<WrittenPart>);

#[derive(Clone, Debug)]
struct WrittenPart {
    ordinal: usize,
    text: Result<String, Problem>,
    /// Whether it is written only where the item has none.
    is_if_absent: bool,
}

/// Takes note of a part with its new value.
pub fn note_part<E: IndexPartAt<N>, const N: usize>(part: &E::Value, parts: &mut WrittenParts) {
    parts.note(N, false, |text| write_index_part::<E, N>(part, text));
}

/// A key of an index that is another one after an update.
pub(crate) struct ChangedKey {
    pub(crate) attribute: &'static str,
    /// `None` where the item leaves the index.
    pub(crate) text: Result<Option<String>, KeyError>,
    /// Whether it is written only where the item has none.
    pub(crate) is_if_absent: bool,
}

impl WrittenParts {
    fn note(&mut self, ordinal: usize, is_if_absent: bool, write: impl FnOnce(&mut PartText)) {
        let mut text = PartText::default();
        write(&mut text);
        self.0.push(WrittenPart { ordinal, text: text.finish(), is_if_absent });
    }

    /// Takes note of an attribute that is removed.
    pub(crate) fn note_removed(&mut self, ordinal: usize) {
        self.note(ordinal, false, PartText::leave_out);
    }

    /// Takes note of a time that the library writes itself.
    pub(crate) fn note_time<E: Entity>(
        &mut self,
        attribute: &'static str,
        time: Timestamp,
        is_if_absent: bool,
    ) {
        if let Some(ordinal) = E::NAMES.iter().position(|name| *name == attribute) {
            self.note(ordinal, is_if_absent, |text| TemplatePart::write_part(&time, text));
        }
    }

    fn find(&self, ordinal: usize) -> Option<&WrittenPart> {
        self.0.iter().find(|written| written.ordinal == ordinal)
    }

    /// The keys of indexes that are other ones after the update, with their texts.
    pub(crate) fn changed_keys<'a, E: Entity>(
        &'a self,
        key: &'a E::Key,
        is_upsert: bool,
    ) -> impl Iterator<Item = ChangedKey> + 'a {
        let parts = PartsOfUpdate::<E> { key, written: self };
        E::SCHEMA.templates.iter().filter(|template| !template.is_of_table).filter_map(
            move |template| {
                let written = || template.own_parts.iter().filter_map(|part| self.find(*part));
                // A key that is made of the table's alone is written where the item is.
                let is_due = match template.own_parts {
                    [] => is_upsert,
                    _ => written().next().is_some(),
                };
                is_due.then(|| ChangedKey {
                    attribute: template.attribute,
                    text: template.text::<E>(&parts),
                    is_if_absent: written().any(|part| part.is_if_absent),
                })
            },
        )
    }
}

/// The parts of an item that an update writes: those of its key, and those that it sets.
struct PartsOfUpdate<'a, E: Entity> {
    key: &'a E::Key,
    written: &'a WrittenParts,
}

impl<E: Entity> Parts for PartsOfUpdate<'_, E> {
    fn write_part(&self, ordinal: usize, text: &mut PartText) {
        match self.written.find(ordinal).map(|part| &part.text) {
            Some(Ok(part)) => text.verbatim(part),
            Some(Err(problem)) => text.fail(*problem),
            None => self.key.write_part(ordinal, text),
        }
    }
}

/// The parts of an index's key that are set at once: made by `#[derive(Entity)]`.
#[doc(hidden)]
pub trait IndexKey {
    type Entity;

    fn set(self, parts: &mut KeyParts<'_>);
}

/// The parts of a key of an index, while an update sets them.
#[doc(hidden)]
pub struct KeyParts<'a>(pub(crate) &'a mut Actions);

impl KeyParts<'_> {
    pub fn set<E: Entity + IndexPartAt<N>, const N: usize>(&mut self, part: &E::Value) {
        const {
            assert!(
                is_own_part(E::SCHEMA.templates, N),
                "this is no part of a key of an index\n\nhelp: set it by `.set(..)`, or the key by the type that `#[derive(Entity)]` has made of its parts"
            );
        };
        self.0.set::<E::Encoding, E::Value>(&E::NAME.into(), part);
        E::note(part, self.0.parts());
    }
}

/// Whether a key of an index is made of the attribute, and none of the table is.
const fn is_own_part(mut templates: &[TemplatedKey], part: usize) -> bool {
    while let [template, rest @ ..] = templates {
        let mut parts = template.own_parts;
        while let [own, others @ ..] = parts {
            if *own == part && !template.is_of_table {
                return true;
            }
            parts = others;
        }
        templates = rest;
    }
    false
}

/// A part that is given to a query: its text, or why it has none.
pub(crate) fn text_of_part<T: TemplatePart>(
    part: &T,
    attribute: &'static str,
    name: &'static str,
) -> Result<String, KeyError> {
    let mut text = PartText::default();
    part::write(part, &mut text);
    let error = |kind| KeyError { attribute, kind };
    match text.finish() {
        Ok(text) if text.is_empty() => Err(error(KeyErrorKind::EmptyPart { part: name })),
        Ok(text) => Ok(text),
        Err(Problem::Refused(reason)) => Err(error(KeyErrorKind::Refused { part: name, reason })),
        Err(Problem::Absent) => Err(error(KeyErrorKind::EmptyPart { part: name })),
    }
}
