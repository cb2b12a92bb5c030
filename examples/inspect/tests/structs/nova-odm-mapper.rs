// The items of the table "nova-odm-mapper", told from 18 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "nova-odm-mapper")]
pub struct NovaOdmMapper {
    #[dynamo(partition_key)]
    pub id: String,
    // in 1 of 18
    #[dynamo(rename = "S_S")]
    pub s_s: Option<String>,
    // in 3 of 18
    pub name: Option<String>,
    // in 11 of 18
    // of several types
    // null in 3 of 11
    pub s: Option<AnyValue>,
    // in 2 of 18
    pub t: Option<i64>,
    // in 3 of 18
    // a version? A `Version` with the word `version` is checked and raised by each write
    pub v: Option<i64>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
