//! Keys: which types can be one, what a key must fulfil, and how it is written: `encoding.md`.

mod check;
mod confusion;
mod entity;
mod part;
mod read;
mod template;
#[cfg(test)]
mod tests;
mod text;

pub use check::{
    IndexKeyAt, KeyAt, KeyError, check_index_partition_key, check_index_sort_key,
    check_partition_key, check_sort_key, hash_key,
};
pub(crate) use check::{check_encoded_partition_key, check_encoded_sort_key};
pub use confusion::{Confusion, confusion};
pub(crate) use confusion::{IndexConfusion, index_confusion, is_same_form};
pub(crate) use entity::{ChangedKey, OnePart, text_of_part};
pub use entity::{
    IndexKey, IndexPartAt, KeyParts, StoredKey, TablePartAt, TemplatedKey, WrittenParts,
    check_templates, encode_templates, has_key_of, hash_part, note_part, templated_key,
    verify_templates, write_index_part, write_part,
};
#[cfg(feature = "rust-decimal-1")]
pub(crate) use part::NUMBER_SIZE;
#[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
pub(crate) use part::TIMESTAMP_SIZE;
pub use part::write as write_given_part;
pub use part::{IndexKeyPart, KeyKind, KeyPart, TableKeyPart, TemplatePart};
pub use read::StoredKeys;
pub(crate) use read::{Encoded, encoded, read_key};
pub(crate) use template::{Begun, TextCondition};
pub use template::{Parts, Segment, Template};
pub use text::PartText;

use std::fmt;

use crate::codec::{DecodeError, Plain, Writer};
use crate::entity::Entity;
use crate::expression::Actions;

/// The whole primary key of an entity, made by `#[derive(Entity)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the key of an entity",
    label = "not a key",
    note = "of an entity in hand it is `order.to_key()`; else write `User::key(id)`, or the parts by name: `OrderKey {{ .. }}`"
)]
pub trait Key: Parts + Clone + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// The entity that it is the key of.
    type Entity: Entity<Key = Self>;

    #[doc(hidden)]
    fn write(&self, writer: &mut KeyWriter<'_>);

    #[doc(hidden)]
    fn read(keys: &StoredKeys<'_>) -> Result<Self, DecodeError>;

    /// Sets the attributes that are parts of a templated key, for an update that makes the item.
    #[doc(hidden)]
    fn set_parts(&self, parts: &mut PartAttributes<'_>) {
        let _ = parts;
    }
}

/// The attributes of an item that are parts of its key, while an update sets them.
#[doc(hidden)]
pub struct PartAttributes<'a>(pub(crate) &'a mut Actions);

impl PartAttributes<'_> {
    pub fn set<E: TablePartAt<N>, const N: usize>(&mut self, part: &E::Value) {
        self.0.set::<Plain, E::Value>(&E::NAME.into(), part);
    }
}

/// A key of one part, so that `User::key(id)` needs no name for it.
#[diagnostic::on_unimplemented(
    message = "the key of `{Self}` has several parts",
    label = "parts of one type could be swapped here",
    note = "write the key with its parts by name: `{Self}Key {{ .. }}`"
)]
pub trait SingleKey: Entity {
    #[doc(hidden)]
    type Part;

    #[doc(hidden)]
    fn single(part: Self::Part) -> Self::Key;
}

/// Writes the attributes of a key and keeps the first rule that one breaks.
pub struct KeyWriter<'a> {
    writer: &'a mut Writer,
    error: Option<KeyError>,
}

impl<'a> KeyWriter<'a> {
    pub(crate) fn new(writer: &'a mut Writer) -> Self {
        writer.begin_item();
        Self { writer, error: None }
    }

    #[doc(hidden)]
    pub fn partition_key<E: KeyAt<N>, const N: usize>(&mut self, part: &E::Value) {
        self.part::<E, N>(part, check_partition_key::<E, N>(part));
    }

    #[doc(hidden)]
    pub fn sort_key<E: KeyAt<N>, const N: usize>(&mut self, part: &E::Value) {
        self.part::<E, N>(part, check_sort_key::<E, N>(part));
    }

    /// Writes the templated keys of the table.
    #[doc(hidden)]
    pub fn templates<K: Key>(&mut self, key: &K) {
        for template in <K::Entity as Entity>::SCHEMA.templates.iter().filter(|key| key.is_of_table)
        {
            match template.text::<K::Entity>(key) {
                Ok(text) => self.writer.attribute(template.attribute, &text.unwrap_or_default()),
                Err(error) => {
                    self.error.get_or_insert(error);
                }
            }
        }
    }

    fn part<E: KeyAt<N>, const N: usize>(
        &mut self,
        part: &E::Value,
        checked: Result<(), KeyError>,
    ) {
        self.writer.attribute_as::<Plain, _>(E::NAME, part.part());
        if let Err(error) = checked {
            self.error.get_or_insert(error);
        }
    }

    pub(crate) fn finish(self) -> Result<(), KeyError> {
        self.writer.end_item();
        self.error.map_or(Ok(()), Err)
    }
}
