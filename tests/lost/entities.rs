//! Three entities that differ in what tells one write from another: nothing, a version, a version and times.

use dynamo_runtime::prelude::*;

/// What an item holds: its value, and its version or zero.
pub type Content = (u32, u64);

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "plain")]
#[dynamo(allow(unconditional_put, unconditional_delete, unconditional_upsert))]
pub struct Plain {
    #[dynamo(partition_key)]
    pub id: String,
    #[dynamo(default)]
    pub value: u32,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "versioned")]
pub struct Versioned {
    #[dynamo(partition_key)]
    pub id: String,
    #[dynamo(default)]
    pub value: u32,
    #[dynamo(version)]
    pub version: Version,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "timed")]
pub struct Timed {
    #[dynamo(partition_key)]
    pub id: String,
    #[dynamo(default)]
    pub value: u32,
    #[dynamo(created_at)]
    pub created_at: Timestamp,
    #[dynamo(updated_at)]
    pub updated_at: Timestamp,
    #[dynamo(version)]
    pub version: Version,
}

impl Plain {
    pub fn new(id: &str, value: u32) -> Self {
        Self { id: id.to_owned(), value }
    }

    pub fn content(&self) -> Content {
        (self.value, 0)
    }
}

impl Versioned {
    pub fn new(id: &str, value: u32) -> Self {
        Self { id: id.to_owned(), value, version: Version::UNSAVED }
    }

    /// The item that all courses begin with, where they begin with one.
    pub fn first(id: &str) -> Self {
        Self { version: Version::FIRST, ..Self::new(id, FIRST) }
    }

    pub fn content(&self) -> Content {
        (self.value, self.version.number().unwrap_or(0))
    }
}

impl Timed {
    pub fn new(id: &str, value: u32) -> Self {
        Self {
            id: id.to_owned(),
            value,
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
            version: Version::UNSAVED,
        }
    }

    /// The item that all courses begin with, where they begin with one.
    pub fn first(id: &str) -> Self {
        Self { version: Version::FIRST, ..Self::new(id, FIRST) }
    }

    pub fn content(&self) -> Content {
        (self.value, self.version.number().unwrap_or(0))
    }
}

/// The value of the item before the write.
pub const FIRST: u32 = 1;
/// The value that the write sets, where it sets one.
pub const OURS: u32 = 2;
/// The value that the other writer sets.
pub const THEIRS: u32 = 50;
