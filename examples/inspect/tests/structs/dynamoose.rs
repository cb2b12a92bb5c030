// The items of the table "dynamoose", told from 13 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamoose", rename_all = "camelCase")]
pub struct Dynamoose {
    #[dynamo(partition_key)]
    pub id: String,
    // in 2 of 13
    // null in 1 of 2
    pub a: Option<String>,
    // in 2 of 13
    // of several types
    pub b: Option<AnyValue>,
    // in 2 of 13
    pub c: Option<String>,
    // in 1 of 13
    #[dynamo(form = rfc3339(digits = 3))]
    pub create_date: Option<Timestamp>,
    // in 1 of 13
    // a time, by its values
    #[dynamo(form = epoch_millis)]
    pub created_at: Option<Timestamp>,
    // in 1 of 13
    pub n: Option<i64>,
    // in 1 of 13
    pub o: Option<DynamooseO>,
    // in 1 of 13
    pub s: BTreeSet<String>,
    // in 2 of 13
    // of several types
    pub t: Option<AnyValue>,
    // in 1 of 13
    // a time, by its values
    // if items expire by it, say `ttl`: they are then absent when they have
    #[dynamo(form = epoch_seconds)]
    pub ttl: Option<Timestamp>,
    // in 1 of 13
    // a time, by its values
    #[dynamo(form = epoch_millis)]
    pub u: Option<Timestamp>,
    // in 1 of 13
    // a time, by its values
    #[dynamo(form = epoch_millis)]
    pub updated_at: Option<Timestamp>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct DynamooseO {
    pub a: i64,
    // a time, by its values
    #[dynamo(form = epoch_millis)]
    pub b: Timestamp,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
