//! The keys that change with an update: those of indexes follow their parts, and an upsert sets the
//! parts of the table's.

use super::super::Entity;
use super::at::{IndexPartAt, TablePartAt, write_index_part};
use crate::codec::Plain;
use crate::expression::Actions;
use crate::key::{KeyError, PartText, Parts, TemplatedKey, WrittenParts, write_given_part};
use crate::value::Timestamp;

/// Takes note of a part with its new value.
pub fn note_part<E: Entity + IndexPartAt<N>, const N: usize>(
    part: &E::Value,
    parts: &mut WrittenParts,
) {
    let is_in_raw_key = const { is_in_raw_key(E::SCHEMA.templates) };
    parts.note(N, false, is_in_raw_key, |text| write_index_part::<E, N>(part, text));
}

/// Whether one of the keys is in the form of another library.
const fn is_in_raw_key(mut templates: &[TemplatedKey]) -> bool {
    while let [key, rest @ ..] = templates {
        if key.template.as_raw().is_some() {
            return true;
        }
        templates = rest;
    }
    false
}

/// Takes note of a time that the library writes itself.
pub(crate) fn note_time<E: Entity>(
    parts: &mut WrittenParts,
    attribute: &'static str,
    time: Timestamp,
    is_if_absent: bool,
) {
    if let Some(ordinal) = E::NAMES.iter().position(|name| *name == attribute) {
        let is_in_raw_key = const { is_in_raw_key(E::SCHEMA.templates) };
        parts.note(ordinal, is_if_absent, is_in_raw_key, |text| write_given_part(&time, text));
    }
}

/// Writes the keys of indexes of which the update writes a part.
pub(crate) fn set_keys<E: Entity>(actions: &mut Actions, key: &E::Key, is_upsert: bool) {
    let changed: Vec<_> = changed_keys::<E>(actions.parts(), key, is_upsert).collect();
    for ChangedKey { attribute, text, is_if_absent } in changed {
        let path = &attribute.into();
        match text {
            Ok(Some(text)) if is_if_absent => {
                actions.set_if_absent::<Plain, String>(path, &text, |_| Ok(()));
            }
            Ok(Some(text)) => actions.set::<Plain, String>(path, &text),
            Ok(None) => actions.remove(path),
            Err(error) => actions.fail(error.into()),
        }
    }
}

/// A key of an index that is another one after an update.
struct ChangedKey {
    attribute: &'static str,
    /// `None` where the item leaves the index.
    text: Result<Option<String>, KeyError>,
    /// Whether it is written only where the item has none.
    is_if_absent: bool,
}

/// The keys of indexes that are other ones after the update, with their texts.
fn changed_keys<'a, E: Entity>(
    written: &'a WrittenParts,
    key: &'a E::Key,
    is_upsert: bool,
) -> impl Iterator<Item = ChangedKey> + 'a {
    let parts = PartsOfUpdate::<E> { key, written };
    E::SCHEMA.templates.iter().filter(|template| !template.is_of_table).filter_map(
        move |template| {
            let changed = || template.own_parts.iter().filter_map(|part| written.find(*part));
            // A key that is made of the table's alone is written where the item is.
            let is_due = match template.own_parts {
                [] => is_upsert,
                _ => changed().next().is_some(),
            };
            is_due.then(|| ChangedKey {
                attribute: template.attribute,
                text: template.text(E::NAMES, &parts),
                is_if_absent: changed().any(|part| part.is_if_absent),
            })
        },
    )
}

/// The parts of an item that an update writes: those of its key, and those that it sets.
struct PartsOfUpdate<'a, E: Entity> {
    key: &'a E::Key,
    written: &'a WrittenParts,
}

impl<E: Entity> Parts for PartsOfUpdate<'_, E> {
    fn write_part(&self, ordinal: usize, text: &mut PartText) {
        let written = self.written.find(ordinal);
        match written.map(|part| if text.is_raw() { &part.raw } else { &part.text }) {
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

/// The attributes of an item that are parts of its key, while an update sets them.
#[doc(hidden)]
pub struct PartAttributes<'a>(pub(crate) &'a mut Actions);

impl PartAttributes<'_> {
    pub fn set<E: TablePartAt<N>, const N: usize>(&mut self, part: &E::Value) {
        self.0.set::<Plain, E::Value>(&E::NAME.into(), part);
    }
}
