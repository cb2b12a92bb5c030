//! What is held where DynamoDB and the engines differ: `docs/engines.md` has the differences.

mod documented;
mod raw;

use dynamo_runtime::Error;
use dynamo_runtime::operation::{ReturnNothing, Unconditional, Update};
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::{LocalEngine, Tables};

use crate::engine::{embedded, embedded_engine};
use crate::entities::{Reading, Session, client, engine, reading, reading_key};

fn upsert() -> Update<Reading, Unconditional, ReturnNothing> {
    Reading::upsert_unconditionally(reading_key("s", 1))
}

/// DynamoDB makes no item of it and answers without attributes; the engines make one of the key.
#[tokio::test]
async fn an_upsert_that_only_removes_is_refused_before_it_is_sent() {
    let (client, engine) = engine().await;
    let sent = engine.requests().len();
    for update in [
        upsert().remove(Reading::DELTA),
        upsert().set(Reading::DELTA, None),
        upsert().set(Reading::DELTA, None).remove(Reading::REMARK),
    ] {
        engine.faults().answer("UpdateItem", "{}");
        let error: Error = update.returning_new().send(&client).await.unwrap_err().into();
        assert!(error.is_invalid() && error.attempts() == 0, "{error}");
        assert!(error.to_string().contains("the upsert only removes"), "{error}");
    }
    let transaction = Transaction::new().update(upsert().remove(Reading::DELTA));
    let error: Error = transaction.send(&client).await.unwrap_err().into();
    assert!(error.is_invalid() && error.to_string().contains("the upsert only removes"), "{error}");
    assert_eq!((engine.requests().len(), engine.faults().pending()), (sent, 3));
    engine.faults().clear();

    // With anything that it sets, it makes the item; and an update of an item that is there may
    // remove as it likes.
    let made = upsert().remove(Reading::DELTA).add(Reading::COUNT, 1).returning_new();
    assert_eq!(made.send(&client).await.unwrap().count, 1);
    let removed = Reading::update(reading_key("s", 1)).remove(Reading::DELTA).if_exists();
    removed.send(&client).await.unwrap();
}

/// The one answer that such an upsert had from DynamoDB would have been an error about nothing.
#[tokio::test]
async fn attributes_that_are_not_given_back_are_an_error() {
    let (client, engine) = engine().await;
    engine.faults().answer("UpdateItem", "{}");
    let error = upsert().add(Reading::COUNT, 1).returning_new().send(&client).await.unwrap_err();
    assert!(error.as_error().to_string().contains("`Attributes`"), "{error}");
}

#[tokio::test]
async fn as_many_operands_as_dynamodb_is_known_to_take() {
    let client = client().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let update = |count| {
        let update = Reading::update(reading_key("s", 1)).set(Reading::IS_VALID, true);
        update.condition(Reading::COUNT.is_in(0..count)).send(&client)
    };
    update(99).await.unwrap();
    let error = update(100).await.unwrap_err();
    assert!(error.as_error().is_invalid(), "{error}");
    assert!(error.to_string().contains("given 100 values"), "{error}");
}

/// The names of the operations that were sent since.
fn operations(engine: &LocalEngine, since: usize) -> Vec<String> {
    engine.requests().iter().skip(since).map(|request| request.operation().to_owned()).collect()
}

async fn bare(engine: &LocalEngine) -> SecureClient {
    embedded().engine(engine).build().await.unwrap()
}

#[tokio::test]
async fn the_expiry_is_turned_on_when_the_table_and_its_indexes_are_active() {
    let engine = embedded_engine().await;
    let client = bare(&engine).await;
    let creating = r#"{"Table": {"TableStatus": "CREATING"}}"#;
    let index = r#"{"Table": {"TableStatus": "ACTIVE", "GlobalSecondaryIndexes": [{"IndexStatus": "CREATING"}]}}"#;
    for description in [creating, index] {
        engine.faults().answer("DescribeTable", description);
    }
    Tables::new().table::<Session>().create(&client).await.unwrap();
    let expected = [
        "CreateTable",
        "DescribeTable",
        "DescribeTable",
        "DescribeTable",
        "DescribeTimeToLive",
        "UpdateTimeToLive",
    ];
    assert_eq!(operations(&engine, 0), expected);
}

#[tokio::test]
async fn the_expiry_of_a_table_that_is_there_is_turned_on_where_it_is_off() {
    let engine = embedded_engine().await;
    let client = bare(&engine).await;
    let tables = Tables::new().table::<Session>();
    // As where the first call ended between the two.
    engine.faults().fail("UpdateTimeToLive", 400, "ResourceInUseException");
    let error = tables.create(&client).await.unwrap_err();
    assert!(error.to_string().contains("ResourceInUseException"), "{error}");

    let since = engine.requests().len();
    tables.create(&client).await.unwrap();
    // Compared with the entity, then waited for.
    let described = ["CreateTable", "DescribeTable", "DescribeTable", "DescribeTimeToLive"];
    assert_eq!(operations(&engine, since), [&described[..], &["UpdateTimeToLive"]].concat());

    // DynamoDB refuses to turn on what is on.
    let since = engine.requests().len();
    tables.create(&client).await.unwrap();
    assert_eq!(operations(&engine, since), described);
}

#[tokio::test]
async fn an_expiry_that_another_turned_on_meanwhile_is_on() {
    let engine = embedded_engine().await;
    let client = bare(&engine).await;
    let tables = Tables::new().table::<Session>();
    tables.create(&client).await.unwrap();
    let off = r#"{"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}"#;
    engine.faults().answer("DescribeTimeToLive", off);
    engine.faults().fail("UpdateTimeToLive", 400, "ValidationException");
    tables.create(&client).await.unwrap();

    for _ in 0..2 {
        engine.faults().answer("DescribeTimeToLive", off);
    }
    engine.faults().fail("UpdateTimeToLive", 400, "ValidationException");
    let error = tables.create(&client).await.unwrap_err();
    assert!(error.to_string().contains("ValidationException"), "{error}");
    assert_eq!(engine.faults().pending(), 0);
}

#[tokio::test]
async fn an_expiry_by_another_attribute_is_told() {
    let engine = embedded_engine().await;
    let client = bare(&engine).await;
    let other =
        r#"{"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "until"}}"#;
    engine.faults().answer("DescribeTimeToLive", other);
    let error = Tables::new().table::<Session>().create(&client).await.unwrap_err();
    assert!(
        error.to_string().contains("expire by `until`, and those of the entity by `expires_at`"),
        "{error}"
    );
}

/// It is there although nothing follows: DynamoDB says so of a page that ends with the last item.
#[tokio::test]
async fn a_full_last_page_is_followed_by_an_empty_one() {
    let client = client().await;
    for number in 0..2 {
        Reading::create(reading("s", number)).send(&client).await.unwrap();
    }
    let full = Reading::query("s").limit(2).page(&client).await.unwrap();
    assert_eq!(full.items.len(), 2);
    let empty = Reading::query("s").limit(2).after(full.next.unwrap()).page(&client).await.unwrap();
    assert!(empty.items.is_empty() && empty.next.is_none());
    assert_eq!(Reading::query("s").limit(2).items(&client).collect().await.unwrap().len(), 2);
}
