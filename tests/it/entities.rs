//! The entities of the suite, and a client with their tables.

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
pub struct UserId(pub String);

#[allow(clippy::struct_field_names, reason = "the names of the table")]
/// The user of the design: a version, managed times, an expiry, a sensitive value, an index.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users")]
#[dynamo(index(by_email, name = "email-index", partition_key = email))]
pub struct User {
    #[dynamo(partition_key)]
    pub user_id: UserId,
    pub email: String,
    pub password_hash: Sensitive<String>,
    #[dynamo(created_at)]
    pub created_at: Timestamp,
    #[dynamo(version)]
    pub version: Version,
    #[dynamo(ttl)]
    pub expires_at: Option<Timestamp>,
}

/// Every type of value, a sort key, and no version.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "readings", rename_all = "camelCase")]
#[dynamo(allow(scan, unconditional_put, unconditional_delete, unconditional_upsert))]
#[dynamo(index(by_unit, name = "unit-index", partition_key = unit, sort_key = taken_at))]
pub struct Reading {
    #[dynamo(partition_key)]
    pub sensor: String,
    #[dynamo(sort_key)]
    pub number: u32,
    pub unit: Option<String>,
    #[dynamo(default)]
    pub value: f64,
    #[dynamo(default)]
    pub count: u64,
    pub delta: Option<i8>,
    #[dynamo(default)]
    pub is_valid: bool,
    #[dynamo(default)]
    pub raw: Vec<u8>,
    #[dynamo(default)]
    pub tags: Vec<String>,
    #[dynamo(rename = "note")]
    pub remark: Option<String>,
    pub taken_at: Option<Timestamp>,
    #[dynamo(skip)]
    pub cached: Option<String>,
}

/// A session: an expiry and managed times without a version.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "sessions")]
pub struct Session {
    #[dynamo(partition_key)]
    pub owner: String,
    #[dynamo(sort_key)]
    pub token: String,
    #[dynamo(default)]
    pub hits: u32,
    #[dynamo(created_at)]
    pub created_at: Timestamp,
    #[dynamo(updated_at)]
    pub updated_at: Timestamp,
    #[dynamo(ttl)]
    pub expires_at: Timestamp,
}

pub fn user(id: &str) -> User {
    User {
        user_id: UserId(id.to_owned()),
        email: format!("{id}@example.com"),
        password_hash: Sensitive::new(format!("hash-of-{id}")),
        created_at: Timestamp::now(),
        version: Version::UNSAVED,
        expires_at: None,
    }
}

pub fn user_key(id: &str) -> UserKey {
    User::key(UserId(id.to_owned()))
}

pub fn reading(sensor: &str, number: u32) -> Reading {
    Reading {
        sensor: sensor.to_owned(),
        number,
        unit: Some("celsius".to_owned()),
        value: f64::from(number) / 2.0,
        count: 0,
        delta: None,
        is_valid: true,
        raw: vec![0, 1, 255],
        tags: vec!["a".to_owned(), "b".to_owned()],
        remark: None,
        taken_at: Timestamp::from_epoch_seconds(i64::from(number)).ok(),
        cached: None,
    }
}

pub fn reading_key(sensor: &str, number: u32) -> ReadingKey {
    ReadingKey { sensor: sensor.to_owned(), number }
}

pub async fn client() -> SecureClient {
    crate::engine::client().table::<User>().table::<Reading>().table::<Session>().build().await
}

/// A client of the embedded engine, and the engine for its faults and the requests that it saw.
pub async fn engine() -> (SecureClient, LocalEngine) {
    let engine = crate::engine::embedded_engine().await;
    let client = SecureClient::local()
        .engine(&engine)
        .table::<User>()
        .table::<Reading>()
        .table::<Session>()
        .build()
        .await
        .unwrap();
    (client, engine)
}
