// The items of the table "credstash", told from 2 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "credstash")]
pub struct Credstash {
    #[dynamo(partition_key)]
    pub name: String,
    #[dynamo(sort_key)]
    pub version: String,
    pub contents: String,
    pub digest: String,
    // the bytes are the Base64 of others, which the form gives
    #[dynamo(form = base64_binary)]
    pub hmac: Vec<u8>,
    // Base64, it seems: `Vec<u8>`, by `form = base64`
    pub key: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
