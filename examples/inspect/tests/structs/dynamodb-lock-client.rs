// The items of the table "dynamodb-lock-client", told from 4 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamodb-lock-client", rename_all = "camelCase")]
pub struct DynamodbLockClient {
    #[dynamo(partition_key)]
    pub id: String,
    // in 3 of 4
    pub fencing_token: Option<i64>,
    pub guid: Vec<u8>,
    // in 3 of 4
    pub lease_duration_ms: Option<i64>,
    // in 1 of 4
    // a time, by its values
    #[dynamo(form = epoch_millis)]
    pub lock_acquired_time_unix_ms: Option<Timestamp>,
    pub owner: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
