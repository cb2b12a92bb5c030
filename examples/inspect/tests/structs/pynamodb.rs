// The items of the table "pynamodb", told from 24 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "pynamodb")]
pub struct Pynamodb {
    #[dynamo(partition_key)]
    pub pk: String,
    // in 1 of 24
    pub bf: Option<Vec<u8>>,
    // in 1 of 24
    pub bo: Option<bool>,
    // in 1 of 24
    pub bs: BTreeSet<Vec<u8>>,
    // in 1 of 24
    pub cls: Option<String>,
    // in 1 of 24
    pub r#dyn: Option<PynamodbDyn>,
    // in 2 of 24
    pub j: Option<String>,
    // in 2 of 24
    // the elements: of several types
    pub l: Option<Vec<AnyValue>>,
    // in 1 of 24
    pub lives: Option<i64>,
    // in 4 of 24
    pub n: Option<f64>,
    // in 4 of 24
    pub name: Option<String>,
    // in 1 of 24
    pub sub: Option<PynamodbSub>,
    // in 3 of 24
    #[dynamo(form = rfc3339(offset = "+0000"))]
    pub t: Option<Timestamp>,
    // in 15 of 24
    // a time, by its values
    // if items expire by it, say `ttl`: they are then absent when they have
    #[dynamo(form = epoch_seconds)]
    pub ttl: Option<Timestamp>,
    // in 4 of 24
    // a version? A `Version` with the word `version` is checked and raised by each write
    pub version: Option<i64>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct PynamodbDyn {
    pub y: i64,
    // nulls alone, so no type is told
    // null in 1 of 1
    // never absent, so `None` is written as a null
    #[dynamo(null_when_none)]
    pub z: Option<AnyValue>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct PynamodbSub {
    #[dynamo(form = rfc3339(offset = "+0000"))]
    pub b: Timestamp,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
