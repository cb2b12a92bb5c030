//! What a caller learns when something fails.

use hyper::Method;
use hyper::StatusCode;

use crate::{ADA, ADAS_PATH, log, start};

#[tokio::test]
async fn requests_that_no_handler_takes() {
    let service = start().await;
    let client = &service.client;
    for path in ["/", "/user", "/users/", "/users/search/x", "/users/a/b", "/docs/x"] {
        let answer = client.get(path).await;
        assert_eq!(
            (answer.status, &*answer.problem()),
            (StatusCode::NOT_FOUND, "no-route"),
            "{path}"
        );
    }
    for (method, path, allowed) in [
        (Method::GET, "/users", "POST"),
        (Method::GET, "/users/search", "POST"),
        (Method::PUT, ADAS_PATH, "GET,HEAD,PATCH,DELETE"),
        (Method::POST, "/healthz", "GET,HEAD"),
    ] {
        let answer = client.bare(method, path, "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.problem(), "method-not-allowed");
        let mut methods: Vec<_> = answer.header("allow").split(',').collect();
        let mut allowed: Vec<_> = allowed.split(',').collect();
        methods.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(methods, allowed, "{path}");
    }
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_seen() {
    let service = start().await;
    let client = &service.client;
    client.json(Method::POST, "/users", "", ADA).await;
    let body = r#"{"email":"a@example.com"}"#;
    for answer in [
        client.json(Method::PATCH, ADAS_PATH, "", body).await,
        client.bare(Method::DELETE, ADAS_PATH, "").await,
    ] {
        assert_eq!(answer.status, StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(answer.problem(), "if-match-required");
    }
    for etag in ["*", "1", "W/\"1\"", "\"0\"", "\"1\", \"2\"", "\"1"] {
        let answer = client.json(Method::PATCH, ADAS_PATH, etag, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{etag}");
        assert_eq!(answer.problem(), "invalid-if-match");
    }
    assert_eq!(client.get(ADAS_PATH).await.json()["version"], 1);
}

#[tokio::test]
async fn a_store_that_is_busy() {
    let service = start().await;
    for _ in 0..8 {
        service.engine.faults().fail("GetItem", 400, "ThrottlingException");
    }
    let answer = service.client.get(ADAS_PATH).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.problem(), "throttled");
    assert_eq!(answer.header("retry-after"), "1");
}

#[tokio::test]
async fn a_store_that_does_not_answer() {
    let service = start().await;
    let pauses: Vec<_> = (0..8).map(|_| service.engine.faults().pause("GetItem")).collect();
    let answer = service.client.get(ADAS_PATH).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(answer.problem(), "timeout");
    drop(pauses);
}

#[tokio::test]
async fn a_store_whose_answers_cannot_be_trusted() {
    let service = start().await;
    for is_damaged in [true, false] {
        for _ in 0..8 {
            if is_damaged {
                service.engine.faults().corrupt_response("GetItem");
            } else {
                let of_another = r#"{"Item":{"pk":{"S":"USER#another"},"sk":{"S":"USER"}}}"#;
                service.engine.faults().answer("GetItem", of_another);
            }
        }
        let answer = service.client.get(ADAS_PATH).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
        assert_eq!(answer.problem(), "not-ready");
        assert_eq!(answer.header("retry-after"), "1");
        assert!(!answer.text.contains("another"), "{}", answer.text);
        service.engine.faults().clear();
    }
}

#[tokio::test]
async fn a_change_whose_outcome_is_not_known() {
    let service = start().await;
    let client = &service.client;
    client.json(Method::POST, "/users", "", ADA).await;
    for _ in 0..8 {
        service.engine.faults().drop_request("TransactWriteItems");
    }
    let body = r#"{"email":"a@example.com"}"#;
    let answer = client.json(Method::PATCH, ADAS_PATH, "\"1\"", body).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.problem(), "outcome-unknown");
}

#[tokio::test]
async fn a_lost_response_of_the_store_does_not_show() {
    let service = start().await;
    let client = &service.client;
    service.engine.faults().lose_response("TransactWriteItems");
    assert_eq!(client.json(Method::POST, "/users", "", ADA).await.status, StatusCode::CREATED);
    service.engine.faults().lose_response("TransactWriteItems");
    let body = r#"{"email":"a@example.com"}"#;
    let changed = client.json(Method::PATCH, ADAS_PATH, "\"1\"", body).await;
    assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""));
    service.engine.faults().lose_response("TransactWriteItems");
    let deleted = client.bare(Method::DELETE, ADAS_PATH, "\"2\"").await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(service.engine.faults().pending(), 0);
}

#[tokio::test]
async fn a_failure_is_told_to_the_log_and_not_to_the_caller() {
    let service = start().await;
    service.engine.faults().fail("GetItem", 400, "AccessDeniedException");
    let answer = service.client.get(ADAS_PATH).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.problem(), "internal");
    for internal in ["AccessDenied", "users\"", "GetItem", "Exception", "dynamo", "User::"] {
        assert!(!answer.text.contains(internal), "{}", answer.text);
    }
    let log = log::about(answer.header("x-correlation-id"));
    assert!(log.contains("AccessDeniedException") && log.contains("ERROR"), "{log}");
}
