//! The description of an entity's table, made by the derive.

mod confusion;
mod sharing;
mod vector;

pub(crate) use confusion::is_same_form;
pub use confusion::{Confusion, assert_guard, confusion};
use confusion::{IndexConfusion, guards_collide, index_confusion};
pub(crate) use sharing::{Described, conflict, confused};
pub use vector::{DistanceFunction, VectorIndexSchema};

use crate::codec::{AttributeNames, ConstantAttribute};
use crate::expression::DocumentPath;
use crate::key::{
    KeyAttribute, KeyError, Template, TemplatedKey, check_encoded_partition_key,
    check_encoded_sort_key,
};
use crate::record::Selected;

/// What the derive knows of an entity and its table.
#[derive(Clone, Copy, Debug)]
pub struct EntitySchema {
    /// The struct's name.
    pub entity: &'static str,
    /// The table's logical name; the client may give it a physical one.
    pub table: &'static str,
    /// All names that an item can have: of its fields, of the keys that are made of them, and of its
    /// groups.
    pub names: &'static AttributeNames,
    /// The attributes that are the same in all items.
    pub constants: &'static [ConstantAttribute],
    /// The attributes of which no two items have one value.
    pub unique: &'static [UniqueAttribute],
    /// The table's partition key.
    pub partition_key: KeyAttribute,
    /// The table's sort key.
    pub sort_key: Option<KeyAttribute>,
    /// The keys of the table and of the indexes that are made of other attributes.
    pub templates: &'static [TemplatedKey],
    /// The indexes that the entity uses.
    pub indexes: &'static [IndexSchema],
    /// The vector indexes that the entity uses.
    pub vector_indexes: &'static [VectorIndexSchema],
    /// The attribute that holds the version.
    pub version: Option<&'static str>,
    /// The attribute that holds the time of creation.
    pub created_at: Option<&'static str>,
    /// The attribute that holds the time of the last write.
    pub updated_at: Option<&'static str>,
    /// The attribute that holds the time of expiry.
    pub ttl: Option<&'static str>,
}

impl EntitySchema {
    /// The index with this name.
    pub(crate) fn index(&self, name: Option<&str>) -> Option<&'static IndexSchema> {
        self.indexes.iter().find(|index| Some(index.name) == name)
    }

    /// Checks an encoded value of an attribute against the limits of the indexes of which it is a
    /// key.
    pub(crate) fn check_index_keys(
        &self,
        path: &DocumentPath,
        json: &[u8],
    ) -> Result<(), KeyError> {
        if !path.steps().is_empty() {
            return Ok(());
        }
        let attribute = path.root();
        for IndexSchema { partition_keys, sort_keys, .. } in self.indexes {
            for key in partition_keys.iter().filter(|key| key.name == attribute) {
                check_encoded_partition_key(*key, json)?;
            }
            for key in sort_keys.iter().filter(|key| key.name == attribute) {
                check_encoded_sort_key(*key, json)?;
            }
        }
        let vectors = self.vector_indexes.iter().filter_map(|index| index.partition_key);
        for key in vectors.filter(|key| key.name == attribute) {
            check_encoded_partition_key(key, json)?;
        }
        Ok(())
    }
}

/// An attribute of which no two items have one value: a guard, an item of its own, has the value in
/// its key.
#[derive(Clone, Copy, Debug)]
pub struct UniqueAttribute {
    /// The attribute's name in the table.
    pub name: &'static str,
    /// What the partition key of the guard is made of.
    pub template: Template,
}

/// A secondary index.
#[derive(Clone, Copy, Debug)]
pub struct IndexSchema {
    /// The index's name.
    pub name: &'static str,
    /// Whether it is global or local.
    pub scope: IndexScope,
    /// The attributes of the index's partition key, up to four.
    pub partition_keys: &'static [KeyAttribute],
    /// The attributes of the index's sort key, up to four, in their order.
    pub sort_keys: &'static [KeyAttribute],
    /// What the index has besides its keys and those of the table; `None` for all.
    #[doc(hidden)]
    pub projected: Option<&'static [Selected]>,
}

impl IndexSchema {
    /// The attributes of both keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = KeyAttribute> {
        self.partition_keys.iter().chain(self.sort_keys).copied()
    }

    /// Whether an item of the index has the attribute, if the item of the table does; `schema` is
    /// the table's.
    pub(crate) fn has(&self, attribute: &str, schema: &EntitySchema) -> bool {
        let Some(projected) = self.projected else { return true };
        let keys = std::iter::once(schema.partition_key).chain(schema.sort_key).chain(self.keys());
        keys.into_iter().any(|key| key.name == attribute)
            || projected.iter().flat_map(Selected::names).any(|name| name == attribute)
    }
}

/// Whether an index spans the table or one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexScope {
    /// A global secondary index: its own partition key, and no consistent reads.
    Global,
    /// A local secondary index: the table's partition key.
    Local,
}
