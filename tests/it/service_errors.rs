use dynamo_runtime::client::{ThrottledAccess, ThrottledResource, ThrottlingLimit};
use dynamo_runtime::prelude::*;

use crate::entities::{Reading, User, engine, reading, reading_key, user_key};

#[tokio::test]
async fn a_table_that_is_not_there() {
    let client = crate::engine::client().build().await;
    let error = User::get(user_key("u1")).send(&client).await.unwrap_err();
    assert!(error.is_table_not_found());
    assert_eq!(error.attempts(), 1);
    assert!(error.request_id().is_some());
    assert!(error.service_message().is_some());
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("ResourceNotFoundException"), "{shown}");
    assert!(shown.contains("there is no table `users` here"), "{shown}");
    assert!(shown.contains("by `.table::<User>(..)`"), "{shown}");
    assert!(!shown.contains("u1"), "{shown}");
}

#[tokio::test]
async fn a_code_that_is_not_known() {
    let (client, engine) = engine().await;
    engine.faults().fail("GetItem", 400, "SomethingNew");
    let error = User::get(user_key("u1")).send(&client).await.unwrap_err();
    assert_eq!(error.code(), Some("SomethingNew"));
    assert!(!error.is_throttled() && !error.is_timeout() && !error.is_refused());
}

#[tokio::test]
async fn throttling_to_the_last_attempt() {
    let (client, engine) = engine().await;
    for _ in 0..8 {
        engine.faults().fail("Query", 400, "ThrottlingException");
    }
    let error = Reading::query("s").page(&client).await.unwrap_err();
    assert!(error.is_throttled() && error.attempts() > 1, "{error}");
    assert!(error.throttling().is_empty(), "it does not say for what");
}

#[tokio::test]
async fn what_was_exceeded_is_told() {
    let (client, engine) = engine().await;
    let index = "arn:aws:dynamodb:us-east-1:123456789012:table/readings/index/by-day";
    for _ in 0..8 {
        engine.faults().throttle("Query", "IndexReadKeyRangeThroughputExceeded", index);
    }
    let error = Reading::query("s").page(&client).await.unwrap_err();
    assert!(error.is_throttled());
    let [reason] = error.throttling() else { panic!("{error}") };
    assert_eq!(reason.resource_kind(), Some(ThrottledResource::Index));
    assert_eq!(reason.access(), Some(ThrottledAccess::Read));
    assert_eq!(reason.limit(), Some(ThrottlingLimit::KeyRange));
    assert_eq!(reason.resource(), Some(index));
    let shown = error.to_string();
    assert!(shown.contains("(status 400): IndexReadKeyRangeThroughputExceeded"), "{shown}");
}

#[tokio::test]
async fn a_reason_that_is_not_known_is_kept_and_not_shown() {
    let (client, engine) = engine().await;
    for _ in 0..8 {
        engine.faults().throttle("PutItem", "TableWriteSomethingNew", "arn:x");
    }
    let error = Reading::create(reading("s", 1)).send(&client).await.unwrap_err();
    let error = error.as_error();
    let [reason] = error.throttling() else { panic!("{error}") };
    assert_eq!(reason.as_str(), "TableWriteSomethingNew");
    assert_eq!((reason.access(), reason.limit()), (Some(ThrottledAccess::Write), None));
    assert!(!format!("{error} {error:?}").contains("SomethingNew"), "{error}");
}

#[tokio::test]
async fn a_conflict_with_another_region_is_tried_again_and_told() {
    let (client, engine) = engine().await;
    engine.faults().fail("PutItem", 400, "ReplicatedWriteConflictException");
    let response = Reading::create(reading("s", 1)).send_with_metadata(&client).await.unwrap();
    assert_eq!(response.attempts, 2);
    for _ in 0..8 {
        engine.faults().fail("PutItem", 400, "ReplicatedWriteConflictException");
    }
    let error = Reading::create(reading("s", 2)).send(&client).await.unwrap_err();
    assert!(error.as_error().is_region_conflict() && !error.is_outcome_unknown(), "{error}");
    assert!(!error.is_condition_failed() && !error.as_error().is_throttled());
}

#[tokio::test]
async fn a_stream_ends_at_its_first_error() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().fail("Query", 400, "AccessDeniedException");
    let mut items = Reading::query("s").items(&client);
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    assert!(items.next().await.is_none());
    let found = Reading::get(reading_key("s", 1)).send(&client).await.unwrap();
    assert_eq!(found, Some(reading("s", 1)));
}
