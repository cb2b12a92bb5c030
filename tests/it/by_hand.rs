//! What an implementation of a trait by hand gains: nothing.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{Error, Versioned};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "counters")]
struct Counter {
    #[dynamo(partition_key)]
    id: String,
    count: u32,
}

/// It has no version.
impl Versioned for Counter {}

fn no_version(error: impl Into<Error>) {
    let error = error.into();
    assert!(error.is_invalid() && error.attempts() == 0, "{error}");
    assert!(error.to_string().contains("`#[dynamo(version)]`"), "{error}");
}

#[tokio::test]
async fn a_version_that_is_not_there_is_never_taken_for_checked() {
    let engine = crate::engine::embedded_engine().await;
    let client =
        crate::engine::embedded().engine(&engine).table::<Counter>().build().await.unwrap();
    let counter = Counter { id: "c".to_owned(), count: 1 };
    Counter::create(counter.clone()).send(&client).await.unwrap();
    engine.forget_requests();

    let version = Version::UNSAVED;
    let update = Counter::update(Counter::key("c")).set(Counter::COUNT, 2).at_version(version);
    no_version(update.send(&client).await.unwrap_err());
    let delete = Counter::delete(Counter::key("c")).at_version(version);
    no_version(delete.send(&client).await.unwrap_err());
    let modify = Counter::modify(Counter::key("c"), |counter| {
        counter.count = 2;
        Ok(())
    });
    no_version(modify.send(&client).await.unwrap_err());
    assert!(engine.requests().is_empty());
}
