//! A `Date` that is off, forged or not: it is told where it matters, and never believed.

use std::time::SystemTime;

use aws_smithy_types::date_time::{DateTime, Format};

use super::server::{Act, Server, ServerIdentity, response, success};
use super::*;
use crate::client::CallErrorKind;

const YEAR: i64 = 365 * 86_400;
const SIGNATURE: &[u8] = br#"{"__type":"InvalidSignatureException","message":"Signature expired"}"#;

fn now() -> i64 {
    DateTime::from(SystemTime::now()).secs()
}

/// A `Date` header of so many seconds from now.
fn date(from_now: i64) -> String {
    DateTime::from_secs(now() + from_now).fmt(Format::HttpDate).unwrap()
}

fn dated(status: u16, from_now: i64, body: &[u8]) -> Act {
    let crc = crc32fast::hash(body).to_string();
    Act::Answer(response(status, &[("date", &date(from_now)), ("x-amz-crc32", &crc)], body))
}

/// When each request that arrived was signed, in seconds from now.
fn signed(server: &Server) -> Vec<i64> {
    let of_request = |request: &String| {
        let stamp = request.lines().find_map(|line| line.strip_prefix("x-amz-date: ")).unwrap();
        let (date, time) = (&stamp[..8], &stamp[9..15]);
        let text = format!(
            "{}-{}-{}T{}:{}:{}Z",
            &date[..4],
            &date[4..6],
            &date[6..],
            &time[..2],
            &time[2..4],
            &time[4..]
        );
        DateTime::from_str(&text, Format::DateTime).unwrap().secs() - now()
    };
    server.requests().iter().map(of_request).collect()
}

#[tokio::test]
async fn no_response_shifts_the_time_of_the_next_signature() {
    for from_now in [YEAR, -YEAR, 3600] {
        let script = vec![
            dated(200, from_now, b"{}"),
            dated(400, from_now, SIGNATURE),
            dated(400, from_now, br#"{"__type":"RequestTimeTooSkewed","message":"m"}"#),
            dated(500, from_now, b"{}"),
            Act::Answer(success(b"{}")),
        ];
        let server = Server::start(ServerIdentity::good(), script).await;
        let client = client(&server);
        for _ in 0..4 {
            let _ = send(&client, Replay::Harmless).await;
        }
        let signed = signed(&server);
        assert_eq!(signed.len(), 5, "the failure of the server is tried again");
        assert!(signed.iter().all(|off| off.abs() < 300), "{signed:?}");
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_with_the_offset_and_not_tried_again() {
    let cases = [
        (-YEAR, YEAR, "this machine's clock is 31536000 s ahead of"),
        (YEAR, -YEAR, "this machine's clock is 31536000 s behind"),
        (-600, 600, "this machine's clock is 600 s ahead of"),
    ];
    for (from_now, expected, words) in cases {
        let server = Server::start(ServerIdentity::good(), vec![dated(400, from_now, SIGNATURE)]);
        let error = send(&client(&server.await), Replay::Harmless).await.err().unwrap();
        let CallErrorKind::Clock { ahead, .. } = error.kind else { panic!("{error:?}") };
        assert!((ahead - expected).abs() < 60, "{ahead}");
        assert_eq!(error.attempts, 1);
        let told = error.to_string().replace(&ahead.unsigned_abs().to_string(), "OFFSET");
        let words = words.replace(&expected.unsigned_abs().to_string(), "OFFSET");
        assert!(told.contains(&words), "{told}");
        assert!(told.contains("the client does not correct it"), "{told}");
    }
}

#[tokio::test]
async fn each_code_under_which_a_clock_shows_tells_of_it_and_no_other() {
    for (code, is_clock) in [
        ("InvalidSignatureException", true),
        ("SignatureDoesNotMatch", true),
        ("RequestExpired", true),
        ("RequestTimeTooSkewed", true),
        ("RequestInTheFuture", true),
        ("ConditionalCheckFailedException", false),
    ] {
        let body = format!(r#"{{"__type":"{code}","message":"m"}}"#);
        let act = dated(400, -YEAR, body.as_bytes());
        let server = Server::start(ServerIdentity::good(), vec![act]).await;
        let client = builder(&server).retries(1).build_in(&Fake::default()).unwrap();
        let error = send(&client, Replay::Harmless).await.err().unwrap();
        assert_eq!(matches!(error.kind, CallErrorKind::Clock { .. }), is_clock, "{error:?}");
    }
}

#[tokio::test]
async fn a_signature_that_is_wrong_for_another_reason_is_no_matter_of_the_clock() {
    let right = dated(400, -60, SIGNATURE);
    let forged = Act::Answer(response(400, &[("date", "yesterday")], SIGNATURE));
    for act in [right, forged, Act::Answer(response(400, &[], SIGNATURE))] {
        let server = Server::start(ServerIdentity::good(), vec![act]).await;
        let error = send(&client(&server), Replay::Harmless).await.err().unwrap();
        assert!(matches!(error.kind, CallErrorKind::Service { .. }), "{error:?}");
    }
}
