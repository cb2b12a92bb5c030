//! Whether a table that is there is the one that an entity describes.

use std::fmt;

use crate::codec::response::{DescribedKey, TableDescription};
use crate::key::KeyAttribute;
use crate::schema::{IndexSchema, Schema};

/// How a table is another one than the entity's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Key { entity: &'static str, has: String, wants: String },
    NoIndex { entity: &'static str, index: &'static str },
    IndexKey { entity: &'static str, index: &'static str, has: String, wants: String },
}

/// Compares the keys, and the indexes that the entity uses.
pub(super) fn compare(table: &TableDescription, schema: &Schema) -> Result<(), Mismatch> {
    let entity = schema.entity;
    let wanted = keys(&[schema.partition_key], schema.sort_key.as_slice());
    if !are_same(&table.keys, &wanted) {
        return Err(Mismatch::Key { entity, has: told(&table.keys), wants: told(&wanted) });
    }
    for IndexSchema { name: index, partition_keys, sort_keys, .. } in schema.indexes {
        let Some((_, has)) = table.indexes.iter().find(|(name, _)| name == index) else {
            return Err(Mismatch::NoIndex { entity, index });
        };
        let wanted = keys(partition_keys, sort_keys);
        if !are_same(has, &wanted) {
            let (has, wants) = (told(has), told(&wanted));
            return Err(Mismatch::IndexKey { entity, index, has, wants });
        }
    }
    Ok(())
}

/// The table that would be made for these entities.
pub(super) fn described(schema: &Schema, indexes: &[IndexSchema]) -> TableDescription {
    let indexes = indexes.iter();
    TableDescription {
        keys: keys(&[schema.partition_key], schema.sort_key.as_slice()),
        indexes: indexes
            .map(|index| (index.name.to_owned(), keys(index.partition_keys, index.sort_keys)))
            .collect(),
    }
}

fn keys(partition_keys: &[KeyAttribute], sort_keys: &[KeyAttribute]) -> Vec<DescribedKey> {
    let partition_keys = partition_keys.iter().map(|key| (key, true));
    let sort_keys = sort_keys.iter().map(|key| (key, false));
    let described = |(key, is_partition_key): (&KeyAttribute, bool)| {
        let (name, code) = (key.name.to_owned(), key.code.to_owned());
        DescribedKey { name, code, is_partition_key }
    };
    partition_keys.chain(sort_keys).map(described).collect()
}

/// Those of a kind are in their order; which kind comes first does not matter.
fn are_same(has: &[DescribedKey], wanted: &[DescribedKey]) -> bool {
    let of = |keys: &[DescribedKey], is_partition_key| {
        let keys = keys.iter().filter(|key| key.is_partition_key == is_partition_key);
        keys.cloned().collect::<Vec<_>>()
    };
    [true, false].iter().all(|kind| of(has, *kind) == of(wanted, *kind))
}

/// As `partition key `id` (S), sort key `at` (N)`.
fn told(keys: &[DescribedKey]) -> String {
    let told = keys.iter().map(|DescribedKey { name, code, is_partition_key }| {
        let role = if *is_partition_key { "partition key" } else { "sort key" };
        format!("{role} `{name}` ({code})")
    });
    told.collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { entity, has, wants } => {
                write!(f, "it has the {has}; `{entity}` has the {wants}")
            }
            Self::NoIndex { entity, index } => {
                write!(f, "it has no index `{index}`, which `{entity}` uses")
            }
            Self::IndexKey { entity, index, has, wants } => {
                write!(f, "its index `{index}` has the {has}; in `{entity}` it has the {wants}")
            }
        }
    }
}
