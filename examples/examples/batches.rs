//! Many items at once, and what is left of them.

use std::time::Duration;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

/// DynamoDB takes no condition in a batch write, so the entity says that it needs none.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "readings", allow(unconditional_put, unconditional_delete))]
struct Reading {
    #[dynamo(partition_key)]
    sensor: String,
    #[dynamo(sort_key)]
    minute: u32,
    celsius: i32,
}

fn reading(minute: u32) -> Reading {
    Reading { sensor: "s1".into(), minute, celsius: 20 }
}

fn key(minute: u32) -> ReadingKey {
    ReadingKey { sensor: "s1".into(), minute }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = LocalEngine::in_memory().await?;
    let client = SecureClient::local().engine(&engine).table::<Reading>().build().await?;

    // Any number: in requests of 25, some at once. What the service leaves is sent again.
    engine.faults().leave_unprocessed("BatchWriteItem", 7);
    let day = BatchWrite::new().put_all((0..1440).map(reading)).delete(key(9999));
    assert_eq!(day.send(&client).await?.complete()?.len(), 1441);

    // Found, absent, or left: each key is one of the three.
    let fetched = Reading::batch_get((1400..1500).map(key)).send(&client).await?;
    assert_eq!((fetched.found.len(), fetched.absent.len()), (40, 60));
    assert!(fetched.is_complete());

    // The time is over before all is done: the rest is in hand, and can be sent again.
    for _ in 0..100 {
        engine.faults().leave_unprocessed("BatchWriteItem", 0);
    }
    let batch = BatchWrite::new().put_all((1440..1450).map(reading));
    let written = batch.deadline(Duration::from_millis(200)).send(&client).await?;
    assert_eq!((written.applied.len(), written.left.len()), (0, 10));
    engine.faults().clear();
    BatchWrite::from(written.left).send(&client).await?.complete()?;
    assert!(Reading::get(key(1449)).send(&client).await?.is_some());
    Ok(())
}
