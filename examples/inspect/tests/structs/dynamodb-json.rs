// The items of the table "dynamodb-json", told from 10 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamodb-json")]
pub struct DynamodbJson {
    #[dynamo(partition_key)]
    pub id: String,
    // of several types
    // null in 1 of 10
    // never absent, so `None` is written as a null
    #[dynamo(null_when_none)]
    pub v: Option<AnyValue>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
