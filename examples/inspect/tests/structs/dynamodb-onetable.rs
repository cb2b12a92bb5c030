// The items of the table "dynamodb-onetable", told from 24 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// `_type` is "User" in 22 items.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamodb-onetable")]
#[dynamo(constant("_type") = "User")]
// `pk` is `user:{id}` in all of 22.
#[dynamo(partition_key("pk", raw) = "user:{id}")]
pub struct User {
    #[dynamo(sort_key)]
    pub sk: String,
    // in 1 of 22
    pub b: Option<String>,
    // in 2 of 22
    pub c: Option<i64>,
    // in 3 of 22
    // of several types
    pub created: Option<AnyValue>,
    // in 2 of 22
    pub e: Option<i64>,
    // in 2 of 22
    pub email: Option<String>,
    // in 1 of 22
    pub gs1sk: Option<String>,
    pub id: String,
    // in 1 of 22
    pub name: Option<String>,
    // in 1 of 22
    pub num: Option<i64>,
    // in 1 of 22
    // the elements: a time, by its values
    #[dynamo(form = epoch_millis)]
    pub o: Option<Vec<Timestamp>>,
    // in 1 of 22
    pub org: Option<String>,
    // in 1 of 22
    pub s: BTreeSet<i64>,
    // in 3 of 22
    // of several types
    pub t: Option<AnyValue>,
    // in 2 of 22
    // of several types
    pub updated: Option<AnyValue>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

// `_type` is "_Unique" in 2 items.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamodb-onetable")]
#[dynamo(constant("_type") = "_Unique")]
// `pk` is `_unique#{..}` in all of 2, where `{..}` is no attribute.
#[dynamo(partition_key("pk", raw) = "_unique#{pk_part}")]
// `sk` is `_unique#` in all of 2.
#[dynamo(sort_key("sk", raw) = "_unique#")]
pub struct Unique {
    #[dynamo(key_only)]
    pub pk_part: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
