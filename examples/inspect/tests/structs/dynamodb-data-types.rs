// The items of the table "dynamodb-data-types", told from 5 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamodb-data-types")]
pub struct DynamodbDataTypes {
    #[dynamo(partition_key)]
    pub id: String,
    // in 4 of 5
    // of several types
    // null in 1 of 4
    pub v: Option<AnyValue>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
