//! Collections.

use proc_macro2::Ident;
use syn::{Path, Type, Visibility};

/// The entities of one partition.
pub(crate) enum Collection {
    /// As an enum.
    Items(CollectionItems),
    /// As a struct.
    Aggregate(Aggregate),
}

/// The entities of one partition, as an enum.
pub(crate) struct CollectionItems {
    /// The crate `dynamo_runtime`.
    pub(crate) runtime: Path,
    pub(crate) ident: Ident,
    /// What messages call it.
    pub(crate) name: String,
    /// The type of the index that is queried, if it is not the table.
    pub(crate) index: Option<Path>,
    /// Whether the items of other entities are passed over.
    pub(crate) skips_others: bool,
    /// At least one.
    pub(crate) members: Vec<CollectionVariant>,
}

/// A variant of a collection.
pub(crate) struct CollectionVariant {
    pub(crate) ident: Ident,
    pub(crate) entity: Type,
}

/// All items of one partition, as a struct.
pub(crate) struct Aggregate {
    pub(crate) visibility: Visibility,
    pub(crate) ident: Ident,
    /// The fields, in the order of the variants of `items`.
    pub(crate) fields: Vec<AggregateField>,
    /// The enum of its entities, which is generated.
    pub(crate) items: CollectionItems,
}

pub(crate) struct AggregateField {
    pub(crate) ident: Ident,
    pub(crate) count: Count,
}

/// How many entities of its kind a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    One,
    AtMostOne,
    Any,
}
