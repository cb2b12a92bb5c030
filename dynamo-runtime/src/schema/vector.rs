//! Vector indexes, as the derive knows them.

use crate::key::KeyAttribute;
use crate::record::Selected;

use super::EntitySchema;

/// A vector index.
#[derive(Clone, Copy, Debug)]
pub struct VectorIndexSchema {
    /// The index's name.
    pub name: &'static str,
    /// The attribute that holds the vector.
    pub vector: &'static str,
    /// How many numbers a vector has.
    pub dimensions: usize,
    /// How vectors are compared.
    pub distance: DistanceFunction,
    /// The attribute by which the index is partitioned: each search is of one of its values.
    pub partition_key: Option<KeyAttribute>,
    /// The attributes by which a search can be filtered.
    pub filters: &'static [KeyAttribute],
    /// The attribute that vectors are made of.
    pub of: Option<&'static str>,
    /// What the index has besides these and the table's keys.
    #[doc(hidden)]
    pub projected: &'static [Selected],
}

/// How two vectors of a vector index are compared.
///
/// Source: [Vector indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearch.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DistanceFunction {
    /// 1 less the cosine of the angle, from 0 to 2: lower is closer.
    Cosine,
    /// The length of the difference: lower is closer.
    Euclidean,
    /// The sum of the products: higher is closer.
    DotProduct,
}

impl VectorIndexSchema {
    /// Whether both are one index, whatever each entity has in it.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let searched = |index: &Self| -> Vec<_> {
            let mut keys: Vec<_> = index.filters.iter().map(|key| (key.name, key.code)).collect();
            keys.sort_unstable();
            keys
        };
        let key = |index: &Self| index.partition_key.map(|key| (key.name, key.code));
        self.vector == other.vector
            && self.dimensions == other.dimensions
            && self.distance == other.distance
            && key(self) == key(other)
            && searched(self) == searched(other)
    }

    /// The attributes that a search can name: the partition key, then the filters.
    pub(crate) fn searched(&self) -> impl Iterator<Item = KeyAttribute> {
        self.partition_key.into_iter().chain(self.filters.iter().copied())
    }

    /// Whether an item of the index has the attribute, if the item of the table does; `schema` is
    /// the table's.
    pub(crate) fn has(&self, attribute: &str, schema: &EntitySchema) -> bool {
        let keys = std::iter::once(schema.partition_key).chain(schema.sort_key);
        keys.chain(self.searched()).any(|key| key.name == attribute)
            || self.projected.iter().flat_map(Selected::names).any(|name| name == attribute)
    }
}

impl EntitySchema {
    /// The vector index with this name.
    pub(crate) fn vector_index(&self, name: &str) -> Option<&'static VectorIndexSchema> {
        self.vector_indexes.iter().find(|index| index.name == name)
    }
}
