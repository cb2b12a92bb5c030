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
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = LocalEngine::in_memory().await?;
    let client = SecureClient::local().engine(&engine).table::<Counter>().build().await?;

    // A create is sent again: if the first one was applied, the item that is there is ours.
    engine.faults().lose_response("PutItem");
    let counter = Counter { name: "home".to_owned(), hits: 0 };
    let created = Counter::create(counter).response(&client).await?;
    assert_eq!(created.attempts, 2);

    // An add is not: it might count twice. The error says that nobody knows.
    engine.faults().lose_response("UpdateItem");
    let add = Counter::update(Counter::key("home")).add(Counter::HITS, 1).if_exists();
    let error = add.send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    let counter = Counter::get(Counter::key("home")).send(&client).await?;
    assert_eq!(counter.map(|counter| counter.hits), Some(1));
    Ok(())
}
