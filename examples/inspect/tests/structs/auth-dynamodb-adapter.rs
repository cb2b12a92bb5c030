// The items of the table "auth-dynamodb-adapter", told from 4 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, UnknownAttributes};

// `type` is "SESSION" in 2 items.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "auth-dynamodb-adapter", rename_all = "camelCase")]
#[dynamo(constant("type") = "SESSION")]
// `pk` is `USER#{userId}` in all of 2.
#[dynamo(partition_key("pk", raw) = "USER#{user_id}")]
// `sk` is `SESSION#{sessionToken}` in all of 2.
#[dynamo(sort_key("sk", raw) = "SESSION#{session_token}")]
// `GSI1PK` is `SESSION#{sessionToken}` in all of 2.
// `GSI1SK` is `SESSION#{sessionToken}` in all of 2.
#[dynamo(index(by_gsi1, name = "GSI1", partition_key("GSI1PK", raw) = "SESSION#{session_token}", sort_key("GSI1SK", raw) = "SESSION#{session_token}"))]
pub struct Session {
    // seconds with a fraction? `ttl` reads them
    pub expires: f64,
    pub session_token: String,
    // UUIDs: `uuid::Uuid`, by the feature `uuid-1`
    pub user_id: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

// `type` is "USER" in one item.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "auth-dynamodb-adapter", rename_all = "camelCase")]
#[dynamo(constant("type") = "USER")]
// `pk` is `USER#{id}` in all of 1.
#[dynamo(partition_key("pk", raw) = "USER#{id}")]
// `sk` is `USER#{id}` in all of 1.
#[dynamo(sort_key("sk", raw) = "USER#{id}")]
// `GSI1PK` is `USER#{email}` in all of 1.
// `GSI1SK` is `USER#{email}` in all of 1.
#[dynamo(index(by_gsi1, name = "GSI1", partition_key("GSI1PK", raw) = "USER#{email}", sort_key("GSI1SK", raw) = "USER#{email}"))]
pub struct User {
    pub email: String,
    #[dynamo(form = rfc3339(digits = 3))]
    pub email_verified: Timestamp,
    // UUIDs: `uuid::Uuid`, by the feature `uuid-1`
    pub id: String,
    // nulls alone, so no type is told
    // null in 1 of 1
    // never absent, so `None` is written as a null
    #[dynamo(null_when_none)]
    pub image: Option<AnyValue>,
    pub name: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}

// `type` is "VT" in one item.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "auth-dynamodb-adapter")]
#[dynamo(constant("type") = "VT")]
// `pk` is `VT#{identifier}` in all of 1.
#[dynamo(partition_key("pk", raw) = "VT#{identifier}")]
// `sk` is `VT#{token}` in all of 1.
#[dynamo(sort_key("sk", raw) = "VT#{token}")]
pub struct Vt {
    // seconds with a fraction? `ttl` reads them
    pub expires: f64,
    pub identifier: String,
    pub token: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
