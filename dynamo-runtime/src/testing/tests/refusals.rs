//! What must not reach the engine.

use std::time::{Duration, SystemTime};

use http::Request;
use http_body_util::Full;

use super::{Answer, Client, assert_is_well_formed, engine_with_users, exists, get, put};

fn assert_refused(answer: &Answer, code: &str) {
    assert_eq!(answer.status, 400);
    assert_eq!(answer.error_code(), code);
    assert_is_well_formed(answer);
}

#[tokio::test]
async fn a_wrong_secret() {
    let (engine, client) = engine_with_users().await;
    let stranger = Client::with(&engine, engine.access_key_id(), "not the secret");
    let answer = stranger.call("PutItem", &put("a")).await.unwrap();
    assert_refused(&answer, "InvalidSignatureException");
    assert!(!exists(&client, "a").await);
}

#[tokio::test]
async fn a_wrong_access_key() {
    let (engine, client) = engine_with_users().await;
    let stranger = Client::with(&engine, "AKIDEXAMPLE", engine.secret_access_key());
    let answer = stranger.call("PutItem", &put("a")).await.unwrap();
    assert_refused(&answer, "UnrecognizedClientException");
    assert!(!exists(&client, "a").await);
}

#[tokio::test]
async fn a_body_changed_after_it_was_signed() {
    let (_engine, client) = engine_with_users().await;
    let mut request = client.signed("PutItem", put("a"), SystemTime::now());
    *request.body_mut() = Full::from(put("b"));
    let answer = client.send(request).await.unwrap();
    assert_refused(&answer, "InvalidSignatureException");
    assert!(!exists(&client, "a").await);
    assert!(!exists(&client, "b").await);
}

#[tokio::test]
async fn an_operation_changed_after_it_was_signed() {
    let (_engine, client) = engine_with_users().await;
    client.call("PutItem", &put("a")).await.unwrap();
    let mut request = client.signed("GetItem", get("a"), SystemTime::now());
    let target = "DynamoDB_20120810.DeleteItem".parse().unwrap();
    request.headers_mut().insert("x-amz-target", target);
    let answer = client.send(request).await.unwrap();
    assert_refused(&answer, "InvalidSignatureException");
    assert!(exists(&client, "a").await);
}

#[tokio::test]
async fn no_authorization() {
    let (_engine, client) = engine_with_users().await;
    let mut request = client.signed("PutItem", put("a"), SystemTime::now());
    request.headers_mut().remove("authorization");
    let answer = client.send(request).await.unwrap();
    assert_refused(&answer, "MissingAuthenticationTokenException");
    assert!(!exists(&client, "a").await);
}

#[tokio::test]
async fn a_date_too_old_or_too_far_ahead() {
    let (_engine, client) = engine_with_users().await;
    let now = SystemTime::now();
    let off = Duration::from_mins(6);
    for time in [now - off, now + off] {
        let request = client.signed("PutItem", put("a"), time);
        let answer = client.send(request).await.unwrap();
        assert_refused(&answer, "InvalidSignatureException");
    }
    assert!(!exists(&client, "a").await);
}

#[tokio::test]
async fn methods_and_paths_that_dynamodb_lacks() {
    let (_engine, client) = engine_with_users().await;
    for request in [
        Request::get("/"),
        Request::put("/"),
        Request::options("*"),
        Request::post("/elsewhere?a=%zz&b"),
    ] {
        let request = request.header("host", "localhost").body(Full::default());
        let answer = client.send(request.unwrap()).await.unwrap();
        assert_refused(&answer, "MissingAuthenticationTokenException");
    }
}

#[tokio::test]
async fn a_body_over_16_mb() {
    let (engine, client) = engine_with_users().await;
    engine.forget_requests();
    let largest = " ".repeat(16 * 1024 * 1024);
    let answer = client.call("PutItem", &largest).await.unwrap();
    assert_refused(&answer, "SerializationException");
    assert_eq!(engine.requests().len(), 1);

    engine.forget_requests();
    let too_large = largest + " ";
    // The server may close the connection before it has read all of the body.
    if let Ok(answer) = client.call("PutItem", &too_large).await {
        assert_eq!(answer.status, 413);
        assert_is_well_formed(&answer);
    }
    assert!(engine.requests().is_empty());
}

#[tokio::test]
async fn a_body_that_is_not_utf_8() {
    let (_engine, client) = engine_with_users().await;
    let body = put("a").into_bytes();
    let body: Vec<u8> =
        body.into_iter().map(|byte| if byte == b'a' { 0xff } else { byte }).collect();
    let request = client.signed("PutItem", body, SystemTime::now());
    let answer = client.send(request).await.unwrap();
    assert_refused(&answer, "SerializationException");
}
