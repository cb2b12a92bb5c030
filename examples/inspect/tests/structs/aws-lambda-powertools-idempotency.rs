// The items of the table "aws-lambda-powertools-idempotency", told from 2 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// no attribute tells entities apart.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "aws-lambda-powertools-idempotency")]
pub struct AwsLambdaPowertoolsIdempotency {
    #[dynamo(partition_key)]
    pub id: String,
    // in 1 of 2
    pub data: Option<AwsLambdaPowertoolsIdempotencyData>,
    // a time, by its values
    // if items expire by it, say `ttl`: they are then absent when they have
    #[dynamo(form = epoch_seconds)]
    pub expiration: Timestamp,
    // a time, by its values
    // if items expire by it, say `ttl`: they are then absent when they have
    #[dynamo(form = epoch_millis)]
    pub in_progress_expiration: Timestamp,
    pub status: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct AwsLambdaPowertoolsIdempotencyData {
    pub message: String,
    pub n: i64,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
