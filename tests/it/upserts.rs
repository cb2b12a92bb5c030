//! Upserts, and operations that are declared unconditional, of an entity with all managed
//! attributes.

use std::time::Duration;

use dynamo_runtime::prelude::*;

use crate::entities::{client, engine};

/// In the table of the users: all but its key can be absent.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", allow(unconditional_upsert))]
struct Counter {
    #[dynamo(partition_key)]
    user_id: String,
    #[dynamo(default)]
    hits: u32,
    #[dynamo(created_at)]
    created_at: Timestamp,
    #[dynamo(updated_at)]
    updated_at: Timestamp,
    #[dynamo(version)]
    version: Version,
    #[dynamo(ttl)]
    expires_at: Option<Timestamp>,
}

/// In the table of the sessions: it expires, and has no version.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "sessions", allow(unconditional_put, unconditional_delete))]
struct Lease {
    #[dynamo(partition_key)]
    owner: String,
    #[dynamo(sort_key)]
    token: String,
    #[dynamo(ttl)]
    expires_at: Option<Timestamp>,
}

fn key() -> CounterKey {
    Counter::key("c")
}

fn ago() -> Timestamp {
    Timestamp::now() - Duration::from_mins(1)
}

#[tokio::test]
async fn an_upsert_manages_what_it_makes_and_what_it_changes() {
    let client = client().await;
    let count = || Counter::upsert_unconditionally(key()).add(Counter::HITS, 1).returning_new();
    let before = Timestamp::now();
    let made = count().send(&client).await.unwrap();
    assert_eq!((made.hits, made.version), (1, Version::FIRST));
    assert!(made.created_at >= before && made.created_at == made.updated_at);
    let changed = count().send(&client).await.unwrap();
    assert_eq!((changed.hits, changed.version), (2, Version::new(2)));
    assert_eq!(changed.created_at, made.created_at);
    assert!(changed.updated_at > made.updated_at);
    assert_eq!(Counter::get(key()).send(&client).await.unwrap(), Some(changed));
}

#[tokio::test]
async fn an_upsert_keeps_to_its_condition() {
    let client = client().await;
    let count = || Counter::upsert(key()).add(Counter::HITS, 1);
    assert!(count().if_exists().send(&client).await.unwrap_err().is_absent());
    let error = count().at_version(Version::FIRST).send(&client).await.unwrap_err();
    assert!(error.is_absent());
    count().at_version(Version::UNSAVED).send(&client).await.unwrap();
    let error = count().at_version(Version::UNSAVED).send(&client).await.unwrap_err();
    assert_eq!(error.current().map(|counter| counter.hits), Some(1));
    count().if_exists().send(&client).await.unwrap();
    count().condition(Counter::HITS.eq(2)).send(&client).await.unwrap();
    count().at_version(Version::new(3)).send(&client).await.unwrap();
    let counter = Counter::get(key()).send(&client).await.unwrap().unwrap();
    assert_eq!((counter.hits, counter.version), (4, Version::new(4)));
}

#[tokio::test]
async fn an_upsert_does_not_wake_what_has_expired() {
    let client = client().await;
    let expire = Counter::upsert_unconditionally(key()).set(Counter::EXPIRES_AT, ago());
    expire.send(&client).await.unwrap();
    let count = Counter::upsert_unconditionally(key()).add(Counter::HITS, 1);
    let error = count.send(&client).await.unwrap_err();
    assert!(error.is_absent() && error.current().is_some());
}

#[tokio::test]
async fn an_upsert_whose_response_is_lost_is_told_by_the_time_of_its_write() {
    let (client, engine) = engine().await;
    engine.faults().lose_response("UpdateItem");
    let set = Counter::upsert(key()).set(Counter::HITS, 7).at_version(Version::UNSAVED);
    let response = set.returning_new().send_with_metadata(&client).await.unwrap();
    assert_eq!((response.attempts, response.may_be_applied_twice), (2, true));
    assert_eq!((response.value.hits, response.value.version), (7, Version::FIRST));
}

#[tokio::test]
async fn a_condition_on_what_may_be_unconditional_finds_the_expired_absent() {
    let client = client().await;
    let lease = |expires_at| Lease { owner: "o".to_owned(), token: "t".to_owned(), expires_at };
    let expired = lease(Some(ago()));
    let key = || expired.to_key();
    Lease::put_unconditionally(expired.clone()).send(&client).await.unwrap();
    let put = Lease::put_unconditionally(lease(None)).condition(Lease::TOKEN.exists());
    assert!(put.send(&client).await.unwrap_err().is_absent());
    let delete = Lease::delete_unconditionally(key()).condition(Lease::TOKEN.exists());
    assert!(delete.send(&client).await.unwrap_err().is_absent());
    let absent = LeaseKey { owner: "o".to_owned(), token: "nothing".to_owned() };
    let delete = Lease::delete_unconditionally(absent).condition(Lease::TOKEN.not_exists());
    assert!(delete.send(&client).await.unwrap_err().is_absent());
    Lease::put_unconditionally(lease(None)).send(&client).await.unwrap();
    Lease::delete_unconditionally(key()).send(&client).await.unwrap();
    assert_eq!(Lease::get(key()).including_expired().send(&client).await.unwrap(), None);
}
