// The items of the table "dynamodb-onetable-buffers", told from 2 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// `_type` is "User" in 2 items.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamodb-onetable-buffers")]
#[dynamo(constant("_type") = "User")]
// `pk` is `u#{id}` in all of 2.
#[dynamo(partition_key("pk", raw) = "u#{id}")]
// `sk` is `u#` in all of 2.
#[dynamo(sort_key("sk", raw) = "u#")]
pub struct User {
    // in 1 of 2
    pub b: Option<String>,
    // in 1 of 2
    // a time, by its values
    #[dynamo(form = epoch_seconds)]
    pub e: Option<Timestamp>,
    pub id: String,
    // in 1 of 2
    pub o: Option<UserO>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct UserO {
    pub b: Vec<u8>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
