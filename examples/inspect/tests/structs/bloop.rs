// The items of the table "bloop", told from 16 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "bloop")]
pub struct Bloop {
    #[dynamo(partition_key)]
    pub id: String,
    // in 1 of 16
    pub b: Option<bool>,
    // in 1 of 16
    // the bytes are the Base64 of others, which the form gives
    #[dynamo(form = base64_binary)]
    pub bi: Option<Vec<u8>>,
    // in 1 of 16
    // the elements: of several types
    pub dl: Option<Vec<AnyValue>>,
    // in 1 of 16
    pub dm: Option<BloopDm>,
    // in 2 of 16
    #[dynamo(form = rfc3339(offset = "+00:00"))]
    pub dt: Option<Timestamp>,
    // in 1 of 16
    pub i: Option<i64>,
    // in 1 of 16
    pub l: Option<Vec<String>>,
    // in 1 of 16
    pub m: Option<BloopM>,
    // in 2 of 16
    pub ts: Option<i64>,
    // in 1 of 16
    // UUIDs: `uuid::Uuid`, by the feature `uuid-1`
    pub u: Option<String>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct BloopDm {
    pub a: i64,
    pub c: BTreeSet<String>,
    // the bytes are the Base64 of others, which the form gives
    #[dynamo(form = base64_binary)]
    pub d: Vec<u8>,
    pub e: BTreeSet<i64>,
    pub f: bool,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct BloopM {
    pub b: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
