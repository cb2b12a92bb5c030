//! Responses that are right in all but one thing, each of which hides where a body ends or who sent it.

use std::time::Duration;

use super::server::{Act, Server, ServerIdentity, raw, response, success};
use super::*;
use crate::client::CallErrorKind;

const BODY: &[u8] = br#"{"Attributes":{}}"#;
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

fn chunked() -> Vec<u8> {
    let mut chunks = format!("{:x}\r\n", BODY.len()).into_bytes();
    chunks.extend_from_slice(BODY);
    chunks.extend_from_slice(b"\r\n0\r\n\r\n");
    chunks
}

#[tokio::test]
async fn a_body_ends_where_one_header_says_and_nowhere_else() {
    let crc = crc32fast::hash(BODY).to_string();
    let crc = ("x-amz-crc32", crc.as_str());
    let length = BODY.len().to_string();
    let list = format!("{length}, {length}");
    let chunks = chunked();
    let length = ("content-length", length.as_str());
    let coding = |coding| ("transfer-encoding", coding);
    for (name, headers, body) in [
        ("neither", vec![], BODY),
        ("two lengths", vec![length, length], BODY),
        ("a list of lengths", vec![("content-length", list.as_str())], BODY),
        ("length and chunks", vec![length, coding("chunked")], &chunks),
        ("two codings", vec![coding("chunked"), coding("chunked")], &chunks),
        ("another coding", vec![coding("identity")], BODY),
        ("another coding last", vec![coding("chunked, identity")], BODY),
        ("another coding first", vec![coding("gzip, chunked")], &chunks),
        ("no last chunk", vec![coding("chunked")], &chunks[..chunks.len() - 5]),
        ("half of the last chunk", vec![coding("chunked")], &chunks[..chunks.len() - 2]),
    ] {
        let headers = [vec![JSON, crc], headers].concat();
        refused(name, raw(200, &headers, body)).await;
    }
    let headers = [JSON, crc, coding("chunked")];
    let whole = raw(200, &headers, &chunks);
    let server = Server::start(ServerIdentity::good(), vec![Act::AnswerAndClose(whole)]).await;
    send(&client(&server), Replay::Harmful).await.unwrap();
}

#[tokio::test]
async fn bombs_are_cut_off() {
    let many = vec![("x-a", "b"); 1000];
    refused("many headers", raw(200, &many, BODY)).await;
    let long = "b".repeat(1 << 20);
    refused("a long header", raw(200, &[("x-a", &long)], BODY)).await;
    let overflow = [JSON, ("transfer-encoding", "chunked")];
    refused("a chunk beyond all sizes", raw(200, &overflow, b"fffffffffffffffff\r\nx")).await;
    let large = vec![b' '; (8 << 20) + 1];
    let mut chunks = format!("{:x}\r\n", large.len()).into_bytes();
    chunks.extend_from_slice(&large);
    chunks.extend_from_slice(b"\r\n0\r\n\r\n");
    let error = refused("a large body in chunks", raw(200, &overflow, &chunks)).await;
    assert!(error.to_string().contains("larger than"), "{error}");
}

#[tokio::test]
async fn what_is_too_large_is_not_asked_for_again() {
    let large = Act::AnswerAndClose(raw(200, &[JSON, ("content-length", "99999999")], b""));
    let server = Server::start(ServerIdentity::good(), vec![large]).await;
    let error = send(&client(&server), Replay::Harmless).await.err().unwrap();
    assert!(error.to_string().contains("larger than"), "{error}");
    assert_eq!((error.attempts, server.requests().len()), (1, 1));
}

#[tokio::test]
async fn interim_responses_and_drips_end_with_the_time_for_a_response() {
    let storm = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000);
    for act in [Act::Answer(storm), Act::Drip(success(&[b' '; 4096]))] {
        let server = Server::start(ServerIdentity::good(), vec![act]).await;
        let started = std::time::Instant::now();
        let error = send(&client(&server), Replay::Harmful).await.err().unwrap();
        assert!(matches!(error.kind, CallErrorKind::Timeout(_)), "{error:?}");
        assert!(error.outcome_unknown && started.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn every_answer_is_tied_to_one_content_type() {
    let crc = crc32fast::hash(BODY).to_string();
    refused(
        "two content types",
        response(200, &[("x-amz-crc32", &crc), ("content-type", "text/html")], BODY),
    )
    .await;
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
        assert!(code.is_empty() && error.to_string().len() < 100, "{start}");
    }
}

#[tokio::test]
async fn a_request_id_that_is_none_is_not_repeated() {
    let forged = "x".repeat(100_000);
    let headers = [JSON, ("content-length", "2"), ("x-amzn-requestid", forged.as_str())];
    let error = refused("long", raw(400, &headers, b"{}")).await;
    assert_eq!(error.request_id, None);
}
