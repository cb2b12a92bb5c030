//! What the attempts of one call have in common, and what each has of its own.

use std::collections::BTreeMap;
use std::time::SystemTime;

use aws_credential_types::Credentials as Keys;
use aws_smithy_types::date_time::{DateTime, Format};

use super::server::{Act, Server, ServerIdentity, failure};
use super::*;
use crate::client::signing::tests::signed_by_the_sdk;

/// What the environment would say of itself.
const INTRUDER: &str = "the-intruder";

/// The value of a header in each request that arrived.
fn each(server: &Server, name: &str) -> Vec<String> {
    let prefix = format!("{name}: ");
    let of_request = |request: &String| {
        let mut values = request.lines().filter_map(|line| line.strip_prefix(prefix.as_str()));
        let value = values.next().unwrap().to_owned();
        assert_eq!(values.next(), None, "{name}");
        value
    };
    server.requests().iter().map(of_request).collect()
}

#[tokio::test]
async fn attempts_are_numbered_and_belong_to_one_call_of_this_client() {
    let again = || Act::Answer(failure(500, "InternalServerError"));
    let server = Server::start(ServerIdentity::good(), vec![again(), again()]).await;
    let client = client(&server);
    for _ in 0..2 {
        send(&client, Replay::Harmless).await.unwrap();
    }
    let marks = each(&server, "amz-sdk-request");
    let expected = ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3", "attempt=1; max=3"];
    assert_eq!(marks, expected);
    let ids = each(&server, "amz-sdk-invocation-id");
    assert!(ids[..3].iter().all(|id| *id == ids[0]) && ids[3] != ids[0], "{ids:?}");
    for name in ["user-agent", "x-amz-user-agent"] {
        for agent in each(&server, name) {
            assert!(agent.starts_with("aws-sdk-rust/"), "{agent}");
            let version = aws_sdk_dynamodb::meta::PKG_VERSION;
            assert!(agent.contains(&format!(" api/dynamodb/{version} ")), "{agent}");
            assert!(!agent.contains(INTRUDER), "{agent}");
        }
    }
}

#[test]
fn the_environment_has_no_say_in_a_header() {
    let this =
        "client::tests::attempts::attempts_are_numbered_and_belong_to_one_call_of_this_client";
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", this])
        .env("AWS_EXECUTION_ENV", INTRUDER)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
}

#[tokio::test]
async fn a_call_is_attempted_as_often_as_the_client_is_told() {
    for attempts in [1, 2, 5] {
        let script = (0..6).map(|_| Act::Answer(failure(500, "InternalServerError")));
        let server = Server::start(ServerIdentity::good(), script.collect()).await;
        let client = builder(&server).retries(attempts).build_in(&Fake::default()).unwrap();
        let error = send(&client, Replay::Harmless).await.err().unwrap();
        assert_eq!(error.attempts, attempts);
        let marks = each(&server, "amz-sdk-request");
        let expected = (1..=attempts).map(|attempt| format!("attempt={attempt}; max={attempts}"));
        assert_eq!(marks, expected.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_arrives_is_signed_as_the_sdk_signs_it() {
    let fails = || Act::Answer(failure(500, "InternalServerError"));
    let server = Server::start(ServerIdentity::good(), vec![fails(), fails()]).await;
    let keys = Keys::new("AKIDEXAMPLE", SECRET, Some("the-token".to_owned()), None, "test");
    let before = SystemTime::now() - Duration::from_secs(1);
    send(&client(&server), Replay::Harmless).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for arrived in &requests {
        let (head, body) = arrived.split_once("\r\n\r\n").unwrap();
        let headers = head.lines().skip(1).map(|line| line.split_once(": ").unwrap());
        let headers: BTreeMap<_, _> =
            headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        // The agent is signed under its other name.
        let mut signed = headers.clone();
        signed.remove("user-agent");
        let now = time_of(&headers["x-amz-date"]);
        assert!(before <= now && now <= SystemTime::now(), "{now:?}");
        let authority = format!("127.0.0.1:{}", server.port);
        let body = body.as_bytes();
        let expected = signed_by_the_sdk(&signed, &authority, "us-east-1", body, &keys, now);
        for (name, value) in &expected {
            assert_eq!(value, &headers[name], "{name}");
        }
        assert_eq!(expected.len(), 3);
    }
}

/// The time of a signature, such as `20150830T123600Z`.
fn time_of(stamp: &str) -> SystemTime {
    let (date, time) = stamp.split_once('T').unwrap();
    let parted = |digits: &str, separator: &str| {
        let digits: Vec<_> = digits.chars().map(String::from).collect();
        digits.chunks(2).map(<[String]>::concat).collect::<Vec<_>>().join(separator)
    };
    let (year, date) = date.split_at(4);
    let time = parted(time.trim_end_matches('Z'), ":");
    let text = format!("{year}-{}T{time}Z", parted(date, "-"));
    DateTime::from_str(&text, Format::DateTime).unwrap().try_into().unwrap()
}
