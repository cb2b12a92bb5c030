// The items of the table "serde-dynamo", told from 20 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "serde-dynamo")]
pub struct SerdeDynamo {
    #[dynamo(partition_key)]
    pub id: String,
    // of several types
    // null in 2 of 20
    // never absent, so `None` is written as a null
    #[dynamo(null_when_none)]
    pub v: Option<AnyValue>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
