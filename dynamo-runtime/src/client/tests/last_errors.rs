//! What a call tells that its deadline ended between attempts, and what a response's wish for a pause comes to.

use super::server::{Act, Server, ServerIdentity, failure, response, throttled};
use super::*;
use crate::client::CallErrorKind;

const LIMIT: Duration = Duration::from_millis(400);

/// Throttles, and asks for a pause of two hours before the next attempt.
fn asking_for_hours(status: u16, code: &str) -> Act {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}"}}"#);
    let crc = crc32fast::hash(body.as_bytes()).to_string();
    let headers = [("x-amz-crc32", crc.as_str()), ("x-amz-retry-after", "7200000")];
    Act::Answer(response(status, &headers, body.as_bytes()))
}

async fn ended(script: Vec<Act>, deadline: Duration) -> CallError {
    let server = Server::start(ServerIdentity::good(), script).await;
    let timeouts = Timeouts::default().response(Duration::from_mins(2)).deadline(deadline);
    let client = builder(&server).timeouts(timeouts).build_in(&Fake::default()).unwrap();
    send(&client, Replay::Harmless).await.err().unwrap()
}

#[tokio::test]
async fn a_pause_that_outlasts_the_call_is_not_waited_for() {
    for (status, code) in [(400, "ThrottlingException"), (500, "InternalServerError")] {
        // The server would answer no second attempt.
        let script = vec![asking_for_hours(status, code), Act::Stall];
        let error = ended(script, Duration::from_secs(5)).await;
        let CallErrorKind::Service { code: told, .. } = &error.kind else { panic!("{error:?}") };
        assert_eq!((&**told, error.attempts), (code, 1));
    }
}

/// Whether the deadline comes in the pause or in the second attempt.
#[tokio::test]
async fn a_deadline_tells_the_error_of_the_last_attempt_that_ended() {
    let reason = "TableReadProvisionedThroughputExceeded";
    let error = ended(vec![Act::Answer(throttled(&[reason])), Act::Stall], LIMIT).await;
    assert!(matches!(error.kind, CallErrorKind::Deadline(LIMIT)), "{error:?}");
    let last = error.last.unwrap();
    assert_eq!((last.attempts, last.request_id.as_deref()), (1, Some("REQUEST1")));
    let CallErrorKind::Service { code, throttling, .. } = &last.kind else { panic!("{last:?}") };
    assert_eq!((&**code, throttling[0].as_str()), ("ThrottlingException", reason));

    let error = ended(vec![Act::CloseRead, Act::Stall], LIMIT).await;
    assert!(matches!(error.kind, CallErrorKind::Deadline(LIMIT)), "{error:?}");
    assert!(matches!(error.last.unwrap().kind, CallErrorKind::Broken(_)));

    let corrupt = Act::Answer(response(200, &[("x-amz-crc32", "1")], b"{}"));
    let error = ended(vec![corrupt, Act::Stall], LIMIT).await;
    assert!(matches!(error.last.unwrap().kind, CallErrorKind::Integrity(_)));
}

#[tokio::test]
async fn a_deadline_in_the_first_attempt_has_no_other_error_to_tell() {
    let error = ended(vec![Act::Stall], LIMIT).await;
    assert!(matches!(error.kind, CallErrorKind::Deadline(LIMIT)), "{error:?}");
    assert!(error.last.is_none());
    let error = ended(vec![Act::Answer(failure(400, "ValidationException"))], LIMIT).await;
    assert!(error.last.is_none(), "its own error is told");
}
