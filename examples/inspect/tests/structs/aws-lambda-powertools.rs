// The items of the table "aws-lambda-powertools", told from 4 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "aws-lambda-powertools")]
pub struct AwsLambdaPowertools {
    #[dynamo(partition_key)]
    pub id: String,
    // in 3 of 4
    pub data: Option<String>,
    // a time, by its values
    // if items expire by it, say `ttl`: they are then absent when they have
    #[dynamo(form = epoch_seconds)]
    pub expiration: Timestamp,
    // in 3 of 4
    // a time, by its values
    // if items expire by it, say `ttl`: they are then absent when they have
    #[dynamo(form = epoch_millis)]
    pub in_progress_expiration: Option<Timestamp>,
    pub status: String,
    // in 1 of 4
    pub validation: Option<String>,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
