//! A deadline that was spent on attempts tells what they failed with.

use std::error::Error as _;
use std::time::Duration;

use dynamo_runtime::Error;
use dynamo_runtime::client::{ThrottlingLimit, ThrottlingReason};
use dynamo_runtime::prelude::*;

use crate::entities::{Reading, User, engine, reading, reading_key, user, user_key};

const LIMIT: Duration = Duration::from_millis(400);
const REASON: &str = "TableReadProvisionedThroughputExceeded";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/readings";

/// Of a call that was throttled, and whose deadline came before another attempt was answered.
fn assert_tells(name: &str, error: &Error) {
    assert!(error.is_timeout() && error.is_throttled(), "{name}: {error:?}");
    assert_eq!(error.code(), Some("ThrottlingException"), "{name}");
    let reasons: Vec<_> = error.throttling().iter().map(ThrottlingReason::limit).collect();
    assert_eq!(reasons, [Some(ThrottlingLimit::ProvisionedThroughput)], "{name}");
    let text = error.to_string();
    assert!(text.contains("(last error: ThrottlingException)"), "{name}: {text}");
    let last: &Error = error.source().unwrap().downcast_ref().unwrap();
    assert!(last.is_throttled() && !last.is_timeout(), "{name}: {last:?}");
    assert!(!text.contains(&last.to_string()), "its text is there twice: {text}");
    assert!(last.source().is_none() && last.entity() == error.entity(), "{name}: {last:?}");
}

#[tokio::test]
async fn a_deadline_after_throttling_tells_of_it() {
    let (client, engine) = engine().await;
    let faults = engine.faults();
    // Whatever comes after the first attempt is held until the call has ended.
    let throttled = |operation| {
        faults.throttle(operation, REASON, TABLE);
        (0..8).map(|_| faults.pause(operation)).collect::<Vec<_>>()
    };
    let key = || reading_key("s", 1);

    let held = throttled("GetItem");
    let error = Reading::get(key()).deadline(LIMIT).send(&client).await.unwrap_err();
    assert_tells("get", &error);
    drop(held);
    faults.clear();

    let held = throttled("PutItem");
    let error = User::create(user("u1")).deadline(LIMIT).send(&client).await.unwrap_err();
    assert_tells("create", error.as_error());
    drop(held);
    faults.clear();

    let held = throttled("Query");
    let error = Reading::query("s").deadline(LIMIT).page(&client).await.unwrap_err();
    assert_tells("page", &error);
    drop(held);
    faults.clear();

    let held = throttled("Query");
    let mut items = Reading::query("s").deadline(LIMIT).items(&client);
    assert_tells("items", &items.next().await.unwrap().unwrap_err());
    drop((held, items));
    faults.clear();

    let held = throttled("BatchGetItem");
    let batch = Reading::batch_get([key()]).deadline(LIMIT).send(&client).await;
    // A batch tells of the throttling alone, as it does between its requests.
    let error = batch.unwrap_err();
    assert!(error.is_throttled() && !error.is_timeout(), "batch get: {error:?}");
    assert_eq!(error.code(), Some("ThrottlingException"));
    drop(held);
    faults.clear();
}

#[tokio::test]
async fn a_batch_that_is_left_by_a_deadline_tells_of_the_throttling() {
    let (client, engine) = engine().await;
    let faults = engine.faults();
    faults.throttle("BatchWriteItem", REASON, TABLE);
    let held: Vec<_> = (0..8).map(|_| faults.pause("BatchWriteItem")).collect();
    let batch = BatchWrite::new().put(reading("s", 3)).deadline(LIMIT).send(&client).await.unwrap();
    let error = batch.complete().unwrap_err();
    // Whether the second attempt was sent is not told by the clock, so the outcome is one or the other.
    assert!(error.is_incomplete() && error.is_throttled(), "{error:?}");
    assert_eq!(error.code(), Some("ThrottlingException"));
    assert!(error.to_string().contains("ThrottlingException"), "{error}");
    drop(held);
}

#[tokio::test]
async fn a_transaction_and_modify_tell_what_their_earlier_tries_met() {
    let (client, engine) = engine().await;
    let faults = engine.faults();
    faults.cancel("TransactWriteItems", &["ThrottlingError"]);
    let held = faults.pause("TransactWriteItems");
    let transaction = Transaction::new().create(user("u1")).deadline(LIMIT).send(&client);
    let error: Error = transaction.await.unwrap_err().into();
    assert!(error.is_timeout() && error.is_throttled(), "{error:?}");
    assert!(!error.is_cancelled(), "the last try may be applied: {error:?}");
    let last: &Error = error.source().unwrap().downcast_ref().unwrap();
    assert!(last.is_cancelled(), "{last:?}");
    drop(held);
    faults.clear();

    User::create(user("u2")).send(&client).await.unwrap();
    let (mut first, held) = (Some(faults.pause("PutItem")), faults.pause("PutItem"));
    let modify = User::modify(user_key("u2"), |user| {
        "new".clone_into(&mut user.email);
        Ok(())
    });
    let modify = modify.deadline(Duration::from_secs(2)).send(&client);
    let other = async {
        let first = first.take().unwrap();
        first.reached().await;
        // Another writer is faster, by an operation that meets none of the faults.
        let update = User::update(user_key("u2")).set(User::EMAIL, "other").if_exists();
        update.send(&client).await.unwrap();
        first.release().done().await;
    };
    let (modified, ()) = tokio::join!(modify, other);
    let error: Error = modified.unwrap_err().into();
    assert!(error.is_timeout() && !error.is_condition_failed(), "{error:?}");
    let last: &Error = error.source().unwrap().downcast_ref().unwrap();
    assert!(last.is_condition_failed(), "{last:?}");
    drop(held);
}
