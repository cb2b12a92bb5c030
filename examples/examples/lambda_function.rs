//! A Lambda function on a table's stream: each change counted once, and only what failed sent again.
//!
//! In Lambda it serves events. Anywhere else it shows itself on the embedded engine.

use std::time::Duration;

use dynamo_runtime::error::{CancellationReason, TransactionError};
use dynamo_runtime::prelude::*;
use dynamo_runtime::stream::{self, Change, StreamRecord};
use dynamo_runtime::testing::LocalEngine;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The table with the stream.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "orders")]
struct Order {
    #[dynamo(partition_key)]
    id: String,
    customer: String,
    total: u64,
}

/// What the function maintains. The first order of a customer makes it.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "turnover", allow(unconditional_upsert))]
struct Turnover {
    #[dynamo(partition_key)]
    customer: String,
    #[dynamo(default)]
    total: u64,
}

/// A record that has been counted, for longer than Lambda can send it again.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "counted")]
struct Counted {
    #[dynamo(partition_key)]
    event_id: String,
    #[dynamo(ttl)]
    expires_at: Timestamp,
}

/// Counts an order. A record that is sent again changes nothing.
async fn count(client: &SecureClient, record: &StreamRecord<'_>) -> Result<(), BoxError> {
    let Change::Inserted(order) = record.change::<Order>()? else { return Ok(()) };
    let event_id = record.event_id().ok_or("the record has no event id")?.to_owned();
    let expires_at = Timestamp::now() + Duration::from_hours(48);
    let add = Turnover::upsert_unconditionally(Turnover::key(order.customer))
        .add(Turnover::TOTAL, order.total);
    let transaction = Transaction::new().create(Counted { event_id, expires_at }).update(add);
    match transaction.send(client).await {
        Ok(_) => Ok(()),
        Err(error) if is_counted(&error) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn is_counted(error: &TransactionError) -> bool {
    error.reasons().first().is_some_and(CancellationReason::is_condition_failed)
}

/// Answers with the first record that failed: Lambda sends that one and all after it again.
///
/// The event source mapping must have `ReportBatchItemFailures` among its response types.
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>
async fn handle(client: &SecureClient, event: &[u8]) -> Result<Value, BoxError> {
    for record in stream::records(event)? {
        if let Err(error) = count(client, &record).await {
            let failed = record.sequence_number().ok_or("the record has no sequence number")?;
            eprintln!("record {failed}: {error}");
            return Ok(json!({ "batchItemFailures": [{ "itemIdentifier": failed }] }));
        }
    }
    Ok(json!({ "batchItemFailures": [] }))
}

/// What Lambda starts.
async fn serve() -> Result<(), BoxError> {
    let client = SecureClient::builder()
        .region(Region::from_env()?)
        .credentials(Credentials::environment())
        .table::<Turnover>(TableName::new("turnover")?)
        .table::<Counted>(TableName::new("counted")?)
        .build()
        .await?;
    let client = &client;
    let function = service_fn(async move |event: LambdaEvent<Value>| {
        handle(client, &serde_json::to_vec(&event.payload)?).await
    });
    lambda_runtime::run(function).await
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() {
        return serve().await;
    }
    let engine = LocalEngine::in_memory().await?;
    let client = SecureClient::local().engine(&engine).streams();
    let client = client.table::<Order>().table::<Turnover>().table::<Counted>().build().await?;
    for (id, total) in [("o1", 10), ("o2", 20), ("o3", 30)] {
        let order = Order { id: id.into(), customer: "ann".into(), total };
        Order::create(order).send(&client).await?;
    }
    let event = engine.stream_records::<Order>().await?;
    let turnover = async || {
        let found = Turnover::get(Turnover::key("ann")).send(&client).await?;
        Ok::<_, Error>(found.map(|turnover| turnover.total))
    };

    // The second record fails: the first is counted, and the answer names the second.
    let second = stream::records(&event)?[1].sequence_number().map(str::to_owned);
    let pause = engine.faults().pause("TransactWriteItems");
    let (answer, ()) = tokio::join!(handle(&client, &event), async {
        pause.reached().await;
        engine.faults().fail("TransactWriteItems", 400, "ValidationException");
        pause.release().done().await;
    });
    assert_eq!(answer?, json!({ "batchItemFailures": [{ "itemIdentifier": second }] }));
    assert_eq!(turnover().await?, Some(10));

    // All are sent again: the first is not counted twice.
    assert_eq!(handle(&client, &event).await?, json!({ "batchItemFailures": [] }));
    assert_eq!(turnover().await?, Some(60));
    Ok(())
}
