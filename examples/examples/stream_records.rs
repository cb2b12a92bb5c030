//! The records of a table's stream as changes of entities, as in a Lambda function.

use dynamo_runtime::prelude::*;
use dynamo_runtime::stream::{self, Change, ChangeKind};
use dynamo_runtime::testing::LocalEngine;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "orders")]
struct Order {
    #[dynamo(partition_key)]
    order_id: String,
    total: u64,
}

/// What a Lambda function does with its event: it knows each change by its kind.
fn handle(event: &[u8]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut told = Vec::new();
    for record in stream::records(event)? {
        told.push(match record.change::<Order>()? {
            Change::Inserted(order) => format!("{} is new", order.order_id),
            Change::Modified { old, new } => {
                format!("{} was {}, is {}", new.order_id, old.total, new.total)
            }
            Change::Removed(order) => format!("{} was deleted", order.order_id),
            Change::Expired(order) => format!("{} has expired", order.order_id),
        });
    }
    Ok(told)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = LocalEngine::in_memory().await?;
    let client = SecureClient::local().engine(&engine).streams().table::<Order>().build().await?;

    Order::create(Order { order_id: "o1".to_owned(), total: 10 }).send(&client).await?;
    Order::update(Order::key("o1")).add(Order::TOTAL, 5_u64).if_exists().send(&client).await?;
    Order::delete(Order::key("o1")).if_exists().send(&client).await?;

    // The local engine's stream stands for the event that Lambda would hand over.
    let event = engine.stream_records::<Order>().await?;
    assert_eq!(handle(&event)?, ["o1 is new", "o1 was 10, is 15", "o1 was deleted"]);

    // Whatever the stream's view type is, each record has the key, and what happened.
    for record in stream::records(&event)? {
        assert_eq!(record.key::<Order>()?, Order::key("o1"));
        assert_ne!(record.kind()?, ChangeKind::Expired);
    }
    Ok(())
}
