// The items of the table "dynamodb-toolbox", told from 6 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// `_et` is "Pokemon" in 6 items.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamodb-toolbox")]
#[dynamo(constant("_et") = "Pokemon")]
pub struct Pokemon {
    #[dynamo(partition_key)]
    pub pk: String,
    #[dynamo(sort_key)]
    pub sk: String,
    // in 5 of 6
    #[dynamo(rename = "_ct", form = rfc3339(digits = 3))]
    pub ct: Option<Timestamp>,
    // in 5 of 6
    #[dynamo(rename = "_md", form = rfc3339(digits = 3))]
    pub md: Option<Timestamp>,
    // in 1 of 6
    pub b: Option<Vec<u8>>,
    // in 1 of 6
    #[dynamo(form = rfc3339(digits = 3))]
    pub c: Option<Timestamp>,
    // in 5 of 6
    pub level: Option<i64>,
    // in 1 of 6
    #[dynamo(form = rfc3339(digits = 3))]
    pub m: Option<Timestamp>,
    // in 1 of 6
    pub nums: BTreeSet<i64>,
    // in 1 of 6
    pub tags: BTreeSet<String>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
