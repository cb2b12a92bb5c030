//! The vector indexes of a table, merged over the entities that share it.

use std::collections::BTreeSet;

use super::{IndexProjection, TableKey};
use crate::record::Selected;
use crate::schema::{DistanceFunction, EntitySchema, VectorIndexSchema};

/// A vector index of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableVectorIndex {
    /// Its name.
    pub name: &'static str,
    /// The attribute that holds the vector.
    pub vector: &'static str,
    /// How many numbers a vector has.
    pub dimensions: usize,
    /// How vectors are compared.
    pub distance: DistanceFunction,
    /// The attribute of which each search names one value.
    pub partition_key: Option<TableKey>,
    /// The attributes by which a search can be filtered.
    pub filters: Vec<TableKey>,
    /// What it holds besides these and the table's keys.
    pub projection: IndexProjection,
    /// The entities that use it.
    pub entities: Vec<&'static str>,
}

/// The vector indexes of all entities, each with what every entity that uses it says that it has.
pub(super) fn vector_indexes(
    table: &EntitySchema,
    schemas: &[&EntitySchema],
) -> Vec<TableVectorIndex> {
    let mut indexes: Vec<TableVectorIndex> = Vec::new();
    for index in schemas.iter().flat_map(|schema| schema.vector_indexes) {
        if indexes.iter().any(|known| known.name == index.name) {
            continue;
        }
        let uses = schemas.iter().filter(|schema| schema.vector_index(index.name).is_some());
        indexes.push(TableVectorIndex {
            name: index.name,
            vector: index.vector,
            dimensions: index.dimensions,
            distance: index.distance,
            partition_key: index.partition_key.map(TableKey::from),
            filters: index.filters.iter().map(|key| (*key).into()).collect(),
            projection: projection_of(index, table, schemas),
            entities: uses.map(|schema| schema.entity).collect(),
        });
    }
    indexes
}

fn projection_of(
    index: &VectorIndexSchema,
    table: &EntitySchema,
    schemas: &[&EntitySchema],
) -> IndexProjection {
    let keys = std::iter::once(table.partition_key).chain(table.sort_key).chain(index.searched());
    let keys: Vec<_> = keys.map(|key| key.name).collect();
    let of_each = schemas.iter().filter_map(|schema| schema.vector_index(index.name));
    let projected = of_each.flat_map(|index| index.projected).flat_map(Selected::names);
    let others: BTreeSet<_> = projected.filter(|name| !keys.contains(name)).collect();
    if others.is_empty() {
        IndexProjection::KeysOnly
    } else {
        IndexProjection::Include(others.into_iter().collect())
    }
}

impl TableVectorIndex {
    /// The attributes that a search can name, which a request that makes the index must define.
    pub(in crate::tables) fn searched(&self) -> impl Iterator<Item = TableKey> {
        self.partition_key.iter().chain(&self.filters).copied()
    }

    /// What it is, for a person: all of it but what it holds.
    pub(in crate::tables) fn told(&self) -> String {
        let keys = self.searched().map(|key| format!(" {} {}", key.name, key.code));
        let keys: String = keys.collect();
        let keys = if keys.is_empty() { keys } else { format!(", by{keys}") };
        told(self.vector, self.dimensions as u64, name_of(self.distance), &keys)
    }
}

pub(in crate::tables) fn told(vector: &str, dimensions: u64, distance: &str, keys: &str) -> String {
    format!("vector `{vector}` of {dimensions} dimensions, {distance}{keys}")
}

pub(in crate::tables) const fn name_of(distance: DistanceFunction) -> &'static str {
    match distance {
        DistanceFunction::Cosine => "COSINE",
        DistanceFunction::Euclidean => "EUCLIDEAN",
        DistanceFunction::DotProduct => "DOT_PRODUCT",
    }
}
