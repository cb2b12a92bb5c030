//! A struct that is stored as an item: its key, what the library writes of it itself, and what it
//! allows.

mod entities;
mod key;
mod managed;
mod partition;
mod permissions;

#[cfg(feature = "schema")]
pub(crate) use entities::Description;
pub use entities::{Allowed, Descriptions, Entities};
pub(crate) use key::{Encoded, encoded, note_time, read_key, set_keys};
pub use key::{
    IndexKey, IndexKeyAt, IndexPartAt, IntoKeyPart, Key, KeyAt, KeyFor, KeyParts, KeyWriter,
    PartAttributes, SingleKey, StoredKey, StoredKeys, TablePartAt, check_index_partition_key,
    check_index_sort_key, check_partition_key, check_sort_key, check_templates, encode_templates,
    has_key_of, hash_key, hash_part, index_key_attribute, index_part_form, key_attribute,
    note_part, part_form, part_of_key, verify_templates, write_index_part, write_part,
};
pub(crate) use managed::timestamp;
pub use managed::{Expiry, Managed, Stamp, StoredTime, TimeField, first_version};
pub use partition::Partition;
pub use permissions::{
    AllowsScan, AllowsUnconditionalDelete, AllowsUnconditionalPut, AllowsUnconditionalUpsert,
    Upsertable, Versioned,
};

use crate::codec::{DecodeItem, EncodeItem};
use crate::key::Parts;
use crate::record::Record;
use crate::schema::EntitySchema;

/// A struct that is stored as an item, by `#[derive(Entity)]`.
///
/// What can be done with its items are the functions of [`Operations`](crate::Operations).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "add `#[derive(Entity)]` and `#[dynamo(table = \"..\")]` to the struct"
)]
pub trait Entity:
    Entities
    + Record
    + Parts
    + Managed
    + EncodeItem
    + for<'de> DecodeItem<'de>
    + Send
    + Sync
    + Sized
    + 'static
{
    /// The whole primary key.
    type Key: Key<Entity = Self>;

    /// What finds a partition: the partition key, a [`KeyPart`](trait@crate::KeyPart), or the parts
    /// that it is made of.
    type PartitionKey;

    #[doc(hidden)]
    type Required;

    /// What it has and allows.
    #[doc(hidden)]
    type Declared;

    #[doc(hidden)]
    const SCHEMA: EntitySchema;

    #[doc(hidden)]
    fn partition(key: &Self::PartitionKey) -> Partition;

    /// The key of this entity.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// assert_eq!(ann.to_key(), User::key("ann"));
    /// # Ok(()) }
    /// ```
    fn to_key(&self) -> Self::Key;

    /// The key with this one part; a key of two parts is written with its parts by name.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// assert_eq!(User::key("ann").user_id, "ann");
    /// let order = OrderKey { customer: "ann".into(), number: 1 }; // of two parts
    /// assert_eq!(order.number, 1);
    /// # Ok(()) }
    /// ```
    fn key(part: impl IntoKeyPart<Self::Part>) -> Self::Key
    where
        Self: SingleKey,
    {
        Self::single(part.into_key_part())
    }
}
