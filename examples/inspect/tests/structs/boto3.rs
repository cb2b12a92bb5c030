// The items of the table "boto3", told from 6 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "boto3")]
pub struct Boto3 {
    #[dynamo(partition_key)]
    pub id: String,
    // of several types
    pub v: AnyValue,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
