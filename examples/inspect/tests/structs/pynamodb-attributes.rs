// The items of the table "pynamodb-attributes", told from 6 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "pynamodb-attributes")]
pub struct PynamodbAttributes {
    #[dynamo(partition_key)]
    pub pk: String,
    // in 1 of 6
    pub ie: Option<i64>,
    // in 1 of 6
    pub td: Option<i64>,
    // in 1 of 6
    pub tdm: Option<i64>,
    // in 1 of 6
    // a time, by its values
    #[dynamo(form = epoch_millis)]
    pub tms: Option<Timestamp>,
    // in 1 of 6
    // a time, by its values
    #[dynamo(form = epoch_seconds)]
    pub ts: Option<Timestamp>,
    // in 2 of 6
    pub tup: Option<String>,
    // in 1 of 6
    // a time, by its values
    #[dynamo(form = epoch_micros)]
    pub tus: Option<Timestamp>,
    // in 1 of 6
    #[dynamo(form = rfc3339(offset = "+00:00"))]
    pub ud: Option<Timestamp>,
    // in 1 of 6
    pub ue: Option<String>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
