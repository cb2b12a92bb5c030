// The items of the table "python-dynamodb-lock", told from 2 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "python-dynamodb-lock")]
pub struct PythonDynamodbLock {
    #[dynamo(partition_key)]
    pub lock_key: String,
    #[dynamo(sort_key)]
    pub sort_key: String,
    // a time, by its values
    // if items expire by it, say `ttl`: they are then absent when they have
    #[dynamo(form = epoch_seconds)]
    pub expiry_time: Timestamp,
    pub lease_duration: i64,
    pub owner_name: String,
    // UUIDs: `uuid::Uuid`, by the feature `uuid-1`
    pub record_version_number: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
