//! Responses that are right in all but one thing, each of which hides where a body ends or who sent it.

use super::server::{Act, Server, ServerIdentity, raw, response};
use super::*;
use crate::client::CallErrorKind;

const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.0");

/// The error of a write whose one response was this, after which the server closed the connection.
async fn refused(name: &str, answer: Vec<u8>) -> CallError {
    let server = Server::start(ServerIdentity::good(), vec![Act::AnswerAndClose(answer)]).await;
    // Long enough for megabytes on a machine that is busy.
    let client = builder(&server).timeouts(Timeouts::default()).build_in(&Fake::default()).unwrap();
    let Err(error) = send(&client, Replay::Harmful).await else {
        panic!("{name}: the response was believed");
    };
    assert_eq!((error.attempts, server.requests().len()), (1, 1), "{name}");
    assert!(error.outcome_unknown, "{name}: {error:?}");
    error
}

#[tokio::test]
async fn interim_responses_end_with_the_time_for_a_response() {
    let storm = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000);
    let server = Server::start(ServerIdentity::good(), vec![Act::Answer(storm)]).await;
    let error = send(&client(&server), Replay::Harmful).await.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Timeout(_)), "{error:?}");
    assert!(error.outcome_unknown);
}

#[tokio::test]
async fn a_rejection_without_a_code_settles_nothing_and_fills_no_log() {
    let nested = |start: &str| format!("{{\"Item\":{{\"a\":{}", start.repeat(1 << 18));
    for body in [
        "{}".to_owned(),
        "{".to_owned(),
        "null".to_owned(),
        r#"{"__type":7}"#.to_owned(),
        r#"{"__type":"a\nforged line"}"#.to_owned(),
        format!(r#"{{"__type":"{}"}}"#, "x".repeat(1 << 20)),
        format!(r#"{{"__type":"ConditionalCheckFailedException","x":{}"#, "[".repeat(1 << 20)),
        nested(r#"{"L":["#),
        nested(r#"{"M":{"a":"#),
    ] {
        let start: String = body.chars().take(60).collect();
        let error = refused(&start, response(400, &[], body.as_bytes())).await;
        let CallErrorKind::Service { code, .. } = &error.kind else {
            panic!("{start}: {error:?}");
        };
        assert!(code.is_empty(), "{start}");
        assert_eq!(error.to_string(), "DynamoDB answered with status 400", "{start}");
    }
}

#[tokio::test]
async fn a_request_id_that_is_none_is_not_repeated() {
    let forged = "x".repeat(100_000);
    let headers = [JSON, ("content-length", "2"), ("x-amzn-requestid", forged.as_str())];
    let error = refused("long", raw(400, &headers, b"{}")).await;
    assert_eq!(error.request_id, None);
}
