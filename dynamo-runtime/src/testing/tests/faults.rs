//! Each fault does what it says, once.

use std::time::{Duration, Instant};

use super::{assert_is_well_formed, engine_with_users, exists, get, put};

#[tokio::test]
async fn a_lost_response_leaves_the_item_written() {
    let (engine, client) = engine_with_users().await;
    engine.faults().lose_response("PutItem");
    assert!(client.call("PutItem", &put("a")).await.is_err());
    assert!(exists(&client, "a").await);
    assert_eq!(engine.faults().pending(), 0);
    assert!(client.call("PutItem", &put("a")).await.is_ok(), "only once");
}

#[tokio::test]
async fn a_dropped_request_leaves_no_item() {
    let (engine, client) = engine_with_users().await;
    engine.faults().drop_request("PutItem");
    assert!(client.call("PutItem", &put("a")).await.is_err());
    assert!(!exists(&client, "a").await);
}

#[tokio::test]
async fn a_failure_is_answered_and_not_applied() {
    let (engine, client) = engine_with_users().await;
    let throttled = "ProvisionedThroughputExceededException";
    engine.faults().fail("PutItem", 400, throttled);
    engine.faults().fail("PutItem", 503, "odd#\"Code\"\n\\");
    engine.faults().fail("PutItem", 99, "InternalServerError");

    for (status, code) in [(400, throttled), (503, "Code"), (500, "InternalServerError")] {
        let answer = client.call("PutItem", &put("a")).await.unwrap();
        assert_eq!(answer.status, status);
        assert_eq!(answer.error_code(), code);
        assert_is_well_formed(&answer);
    }
    assert!(!exists(&client, "a").await);
}

#[tokio::test]
async fn a_corrupt_response_disagrees_with_its_crc() {
    let (engine, client) = engine_with_users().await;
    for operation in ["PutItem", "GetItem"] {
        engine.faults().corrupt_response(operation);
    }
    let answer = client.call("PutItem", &put("a")).await.unwrap();
    assert!(!answer.crc_is_right());

    let answer = client.call("GetItem", &get("a")).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(!answer.crc_is_right());
    assert!(answer.json().get("Item").is_some(), "JSON all the same");
    assert!(exists(&client, "a").await);
}

#[tokio::test]
async fn a_delayed_response_was_applied_at_once() {
    let (engine, client) = engine_with_users().await;
    let delay = Duration::from_millis(300);
    engine.faults().delay("PutItem", delay);
    let started = Instant::now();
    let other = client.clone();
    let delayed = tokio::spawn(async move { other.call("PutItem", &put("a")).await });

    while !exists(&client, "a").await {
        tokio::task::yield_now().await;
    }
    assert!(!delayed.is_finished());
    assert_eq!(delayed.await.unwrap().unwrap().status, 200);
    assert!(started.elapsed() >= delay);
}

#[tokio::test]
async fn a_pause_lets_another_writer_go_first() {
    let (engine, client) = engine_with_users().await;
    let pause = engine.faults().pause("PutItem");
    let other = client.clone();
    let held = tokio::spawn(async move { other.call("PutItem", &put("a")).await });

    pause.reached().await;
    pause.reached().await;
    assert!(!exists(&client, "a").await);
    let second = client.call("PutItem", &put("b")).await.unwrap();
    assert_eq!(second.status, 200, "one pause holds one request");

    pause.release();
    assert_eq!(held.await.unwrap().unwrap().status, 200);
    assert!(exists(&client, "a").await);
}

#[tokio::test]
async fn a_held_request_is_applied_though_its_client_has_left() {
    let (engine, client) = engine_with_users().await;
    let pause = engine.faults().pause("PutItem");
    let other = client.clone();
    let held = tokio::spawn(async move { other.call("PutItem", &put("a")).await.is_ok() });
    pause.reached().await;
    held.abort();
    assert!(held.await.unwrap_err().is_cancelled());

    pause.release();
    while !exists(&client, "a").await {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_dropped_pause_holds_nothing() {
    let (engine, client) = engine_with_users().await;
    drop(engine.faults().pause("PutItem"));
    assert!(client.call("PutItem", &put("a")).await.is_ok());
}

#[tokio::test]
async fn a_pause_ends_with_its_engine() {
    let (engine, _client) = engine_with_users().await;
    let pause = engine.faults().pause("PutItem");
    drop(engine);
    pause.reached().await;
}

#[tokio::test]
async fn a_refused_request_meets_no_fault() {
    let (engine, client) = engine_with_users().await;
    engine.faults().lose_response("PutItem");
    let stranger = super::Client::with(&engine, "AKIDEXAMPLE", "wrong");
    assert_eq!(stranger.call("PutItem", &put("a")).await.unwrap().status, 400);
    assert_eq!(engine.faults().pending(), 1);
    assert!(client.call("PutItem", &put("a")).await.is_err());
}

#[tokio::test]
async fn what_is_held_can_still_be_lost_dropped_or_rejected() {
    let (engine, client) = engine_with_users().await;
    let held = |id: &'static str| {
        let pause = engine.faults().pause("PutItem");
        let client = client.clone();
        (pause, tokio::spawn(async move { client.call("PutItem", &put(id)).await }))
    };
    let (pause, call) = held("lost");
    pause.reached().await;
    pause.lose_response().done().await;
    assert!(call.await.unwrap().is_err() && exists(&client, "lost").await);

    let (pause, call) = held("dropped");
    pause.reached().await;
    pause.drop_request().done().await;
    assert!(call.await.unwrap().is_err() && !exists(&client, "dropped").await);

    let (pause, call) = held("rejected");
    pause.reached().await;
    pause.fail(400, "TransactionConflictException").done().await;
    assert_eq!(call.await.unwrap().unwrap().error_code(), "TransactionConflictException");
    assert!(!exists(&client, "rejected").await);
}

#[tokio::test]
async fn a_request_arrives_late() {
    let (engine, client) = engine_with_users().await;
    let mut pause = engine.faults().pause("PutItem");
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.call("PutItem", &put("a")).await }
    });
    pause.reached().await;
    pause.hang_up();
    assert!(call.await.unwrap().is_err());
    assert!(!exists(&client, "a").await, "it is held all the same");
    pause.release().done().await;
    assert!(exists(&client, "a").await);
}
