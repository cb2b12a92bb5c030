// The items of the table "aws-sdk-lib-dynamodb", told from 14 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "aws-sdk-lib-dynamodb")]
pub struct AwsSdkLibDynamodb {
    #[dynamo(partition_key)]
    pub id: String,
    // in 13 of 14
    // of several types
    // null in 1 of 13
    pub v: Option<AnyValue>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
