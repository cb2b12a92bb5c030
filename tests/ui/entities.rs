// The entities of the cases.

use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct UserId(String);

/// All that the library writes itself, and an index.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "users")]
#[dynamo(index(by_email, name = "email-index", partition_key = email))]
struct User {
    #[dynamo(partition_key)]
    user_id: UserId,
    email: String,
    nickname: Option<String>,
    password_hash: Sensitive<String>,
    age: u32,
    is_active: bool,
    tags: Vec<String>,
    picture: Vec<u8>,
    #[dynamo(created_at)]
    created_at: Timestamp,
    #[dynamo(updated_at)]
    updated_at: Timestamp,
    #[dynamo(version)]
    version: Version,
    #[dynamo(ttl)]
    expires_at: Option<Timestamp>,
}

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct CustomerId(String);

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct OrderId(u64);

/// A key of two parts, a global and a local index; no version.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "orders")]
#[dynamo(index(by_status, name = "status-index", partition_key = status, sort_key = placed_at))]
#[dynamo(index(by_total, name = "total-index", local, sort_key = total))]
struct Order {
    #[dynamo(partition_key)]
    customer_id: CustomerId,
    #[dynamo(sort_key)]
    order_id: OrderId,
    status: String,
    placed_at: Timestamp,
    total: u64,
    note: Option<String>,
}

/// An entity whose attributes can all be absent, so that it has upserts.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "settings")]
struct Setting {
    #[dynamo(partition_key)]
    name: String,
    value: Option<String>,
    #[dynamo(default)]
    changes: u64,
}
