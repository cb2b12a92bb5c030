//! Which item is meant, whatever way its key is spelt.

use crate::codec::DecodeError;
use crate::codec::equality::canonical_key;
use crate::codec::response::KeyNames;
use crate::schema::EntitySchema;

impl KeyNames {
    pub(super) fn of(schema: &EntitySchema) -> Self {
        Self::new(schema.partition_key.name, schema.sort_key.map(|key| key.name))
    }

    /// The identity of a whole item, or of a key.
    pub(super) fn identify(self, json: &[u8]) -> Result<ItemIdentity, DecodeError> {
        canonical_key(json, self.each()).map(ItemIdentity)
    }
}

/// The key of an item in one spelling: equal for equal keys of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ItemIdentity(Vec<u8>);
