//! Which item is meant, whatever way its key is spelt.

use crate::codec::DecodeError;
use crate::codec::equality::canonical_key;
use crate::codec::response;
use crate::schema::Schema;

/// The attributes of a table's key.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyNames(response::KeyNames);

impl KeyNames {
    /// Of a request on several items.
    pub(super) const NONE: Self = Self([None, None]);

    pub(super) fn of(schema: &Schema) -> Self {
        let sort_key = schema.sort_key.map(|key| key.name);
        Self([Some(schema.partition_key.name), sort_key])
    }

    /// The identity of a whole item, or of a key.
    pub(super) fn identify(self, json: &[u8]) -> Result<Identity, DecodeError> {
        canonical_key(json, self.each()).map(Identity)
    }

    pub(super) fn each(self) -> impl Iterator<Item = &'static str> {
        self.0.into_iter().flatten()
    }

    pub(super) fn as_response_has_them(self) -> response::KeyNames {
        self.0
    }
}

/// The key of an item in one spelling: equal for equal keys of a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity(Vec<u8>);
