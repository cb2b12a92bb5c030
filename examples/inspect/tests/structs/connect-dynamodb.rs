// The items of the table "connect-dynamodb", told from 4 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "connect-dynamodb")]
pub struct ConnectDynamodb {
    #[dynamo(partition_key)]
    pub id: String,
    // a time, by its values
    // if items expire by it, say `ttl`: they are then absent when they have
    #[dynamo(form = epoch_seconds)]
    pub expires: Timestamp,
    // in 3 of 4
    // JSON: a type of its own, by `form = json`
    pub sess: Option<String>,
    // in 3 of 4
    pub r#type: Option<String>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
