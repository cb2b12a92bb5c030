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
