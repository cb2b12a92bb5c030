//! The whole primary key of an entity.

mod at;
mod changed;
mod stored;
mod templates;

use std::fmt;

pub use at::{
    IndexKeyAt, IndexPartAt, KeyAt, TablePartAt, check_index_partition_key, check_index_sort_key,
    check_partition_key, check_sort_key, hash_key, hash_part, index_key_attribute, index_part_form,
    key_attribute, part_form, write_index_part, write_part,
};
pub use changed::{IndexKey, KeyParts, PartAttributes, note_part};
pub(crate) use changed::{note_time, set_keys};
pub use stored::StoredKeys;
pub(crate) use stored::{Encoded, encoded, read_key};
pub use templates::{
    StoredKey, check_templates, encode_templates, has_key_of, part_of_key, verify_templates,
};

use super::Entity;
use crate::codec::{DecodeError, Writer};
use crate::key::{KeyError, Parts};
use crate::record::Record;

/// The whole primary key of an entity, made by `#[derive(Entity)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the key of an entity",
    label = "not a key",
    note = "of an entity that you have, it is `order.to_key()`; else write `User::key(id)`, or the parts by name: `OrderKey {{ .. }}`"
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

/// The key of `E`, which an operation on one item takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the key of `{E}`",
    label = "not the key of `{E}`",
    note = "write `{E}::key(id)`, or the parts of the key by name: `{E}Key {{ .. }}`; of an entity that you have, it is `.to_key()`"
)]
pub trait KeyFor<E: Entity>: sealed::KeyFor<E> {
    #[doc(hidden)]
    fn into_key(self) -> E::Key;
}

#[diagnostic::do_not_recommend]
impl<E: Entity<Key = K>, K: Key<Entity = E>> KeyFor<E> for K {
    fn into_key(self) -> E::Key {
        self
    }
}

/// What the one part of a key, a `T`, is made from.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made into the key's `{T}`",
    label = "not a `{T}`",
    note = "convert it first; a number names its type, as in `1_u32`; for a type of your own write `impl From<{Self}> for {T}`"
)]
pub trait IntoKeyPart<T>: sealed::IntoKeyPart<T> {
    #[doc(hidden)]
    fn into_key_part(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T, V: Into<T>> IntoKeyPart<T> for V {
    fn into_key_part(self) -> T {
        self.into()
    }
}

mod sealed {
    use super::{Entity, Key};

    pub trait KeyFor<E> {}
    impl<E: Entity<Key = K>, K: Key<Entity = E>> KeyFor<E> for K {}

    pub trait IntoKeyPart<T> {}
    impl<T, V: Into<T>> IntoKeyPart<T> for V {}
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
            match template.text(<K::Entity as Record>::NAMES, key) {
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
        self.writer.attribute_as::<E::Encoding, E::Value>(E::NAME, part);
        if let Err(error) = checked {
            self.error.get_or_insert(error);
        }
    }

    pub(crate) fn finish(self) -> Result<(), KeyError> {
        self.writer.end_item();
        self.error.map_or(Ok(()), Err)
    }
}
