//! What happens when an answer never comes: the engine loses it on purpose.

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "counters")]
struct Counter {
    #[dynamo(partition_key)]
    name: String,
    #[dynamo(default)]
    hits: u64,
    /// Tells a create whose answer was lost from another's.
    #[dynamo(created_at)]
    created_at: Timestamp,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = LocalEngine::in_memory().await?;
    let client = SecureClient::local().engine(&engine).table::<Counter>().build().await?;

    // A create is sent again: if the first one was applied, the item that is there has its time. The
    // response says that it was sent again, for another may have deleted the item between the two.
    engine.faults().lose_response("PutItem");
    let counter = Counter { name: "home".to_owned(), hits: 0, created_at: Timestamp::EPOCH };
    let created = Counter::create(counter).send_with_metadata(&client).await?;
    assert_eq!((created.attempts, created.may_be_applied_twice), (2, true));

    // An add is not: it might count twice. The error says that nobody knows.
    engine.faults().lose_response("UpdateItem");
    let add = Counter::update(Counter::key("home")).add(Counter::HITS, 1).if_exists();
    let error = add.send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    let counter = Counter::get(Counter::key("home")).send(&client).await?;
    assert_eq!(counter.map(|counter| counter.hits), Some(1));

    // With a token it is sent again, and DynamoDB applies it once; it costs twice the capacity.
    engine.faults().lose_response("TransactWriteItems");
    let add = Counter::update(Counter::key("home")).add(Counter::HITS, 1).if_exists();
    let added = add.exactly_once().send_with_metadata(&client).await?;
    assert_eq!((added.attempts, added.may_be_applied_twice), (2, false));
    let counter = Counter::get(Counter::key("home")).send(&client).await?;
    assert_eq!(counter.map(|counter| counter.hits), Some(2));

    // A create that must not come twice, and that the caller would rather look after.
    engine.faults().drop_request("PutItem");
    let counter = Counter { name: "about".to_owned(), hits: 0, created_at: Timestamp::EPOCH };
    let error = Counter::create(counter).at_most_once().send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(Counter::get(Counter::key("about")).send(&client).await?, None);
    Ok(())
}
