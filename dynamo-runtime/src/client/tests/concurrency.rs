//! Many calls on one client, and calls that are given up.

use std::time::Duration;

use super::server::{Act, Server, ServerIdentity, success};
use super::*;
use crate::client::CallErrorKind;

async fn echo(client: SecureClient, text: String) -> Result<RawResponse, CallError> {
    let body = Bytes::from(format!(r#"{{"the":"{text}"}}"#));
    client.call(Call { body, ..call(Replay::Harmful) }).await
}

async fn echoing(after: Duration, times: usize) -> (Server, SecureClient) {
    let script = (0..times).map(|_| Act::Echo(after)).collect();
    let server = Server::start(ServerIdentity::good(), script).await;
    let client = client(&server);
    (server, client)
}

/// Waits for what the server sees, and fails where that takes too long.
async fn until(is_seen: impl Fn() -> bool) {
    let seen = async {
        while !is_seen() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), seen).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_that_is_given_up_leaves_no_response_for_another() {
    let (_server, client) = echoing(Duration::from_millis(15), 600).await;
    let callers = (0..12).map(|caller| {
        let client = client.clone();
        tokio::spawn(async move {
            for round in 0..20 {
                let text = format!("{caller}-{round}");
                let call = echo(client.clone(), text.clone());
                // Before, around and after the answer's arrival.
                let patience = Duration::from_millis(5 * (caller + round) % 40);
                let Ok(outcome) = tokio::time::timeout(patience, call).await else {
                    continue;
                };
                let body = outcome.unwrap().body;
                assert_eq!(body, format!(r#"{{"the":"{text}"}}"#));
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_takes_its_connection_along() {
    let (server, client) = echoing(Duration::from_millis(200), 2).await;
    let given_up = tokio::spawn(echo(client.clone(), "first".to_owned()));
    until(|| server.requests().len() == 1).await;
    given_up.abort();
    assert!(given_up.await.err().is_some_and(|error| error.is_cancelled()));
    let second = echo(client, "second".to_owned()).await.unwrap();
    assert_eq!(second.body, r#"{"the":"second"}"#);
    assert_eq!(server.handshakes(), 2);
}

#[tokio::test]
async fn connections_of_a_burst_are_closed_when_they_have_waited() {
    let (server, client) = echoing(Duration::from_millis(100), 8).await;
    let burst = (0..8).map(|n| tokio::spawn(echo(client.clone(), n.to_string())));
    for call in burst.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    let opened = server.handshakes();
    assert!(opened > 1 && server.open() == opened, "{opened}");
    // Calls one by one, each within the limit of the one before.
    for _ in 0..3 {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(11)).await;
        tokio::time::resume();
        send(&client, Replay::Harmful).await.unwrap();
    }
    until(|| server.open() == 1).await;
    assert_eq!(server.handshakes(), opened, "the last connection was not used again");
}

#[tokio::test]
async fn a_connection_is_not_used_again_when_it_has_waited_too_long() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let client = client(&server);
    for (seconds, handshakes) in [(0, 1), (19, 1), (20, 2)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
        send(&client, Replay::Harmful).await.unwrap();
        assert_eq!(server.handshakes(), handshakes, "after {seconds} s");
    }
}

/// The server is of another thread, so this one learns nothing of the end while it sleeps.
#[test]
fn a_connection_that_was_closed_unseen_costs_no_attempt() {
    let builder =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let elsewhere = builder.unwrap();
    let here = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let script = vec![Act::AnswerAndClose(success(b"{}"))];
    let server = elsewhere.block_on(Server::start(ServerIdentity::good(), script));
    here.block_on(async {
        let client = client(&server);
        send(&client, Replay::Guarded).await.unwrap();
        std::thread::sleep(Duration::from_millis(100));
        let response = send(&client, Replay::Guarded).await.unwrap();
        assert_eq!((response.attempts, server.handshakes()), (1, 2));
    });
}

#[tokio::test]
async fn the_deadline_covers_a_handshake_that_never_ends() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut server = Server::start(ServerIdentity::good(), vec![]).await;
    server.port = listener.local_addr().unwrap().port();
    let client = client(&server);
    let deadline = Some(Duration::from_millis(200));
    let outcome = client.call(Call { deadline, ..call(Replay::Harmful) }).await;
    let error = outcome.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Deadline(_)), "{error:?}");
    assert!(!error.outcome_unknown, "nothing was sent");
}
