//! A server that is out of step: it sends a response too many, at moments that it chooses.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::server::TlsStream;

use super::server::{Act, Server, ServerIdentity, failure_with, success};
use super::*;
use crate::client::connection::SILENCE;
use crate::client::{AuditEvent, AuditLog, CallErrorKind};
use crate::codec::Stray;
use crate::codec::response::{AskedItem, AskedItems, KeyNames};

const REAL: &[u8] = br#"{"is":"real"}"#;
const PLANTED: &[u8] = br#"{"is":"planted"}"#;

/// A server whose first connection gets a response too many as soon as the second request has come, by whatever
/// connection.
struct OutOfStep {
    server: Server,
    handshakes: Arc<AtomicUsize>,
}

/// What its connections tell each other.
#[derive(Default)]
struct Shared {
    requests: AtomicUsize,
    second: Notify,
    is_planted: Notify,
}

impl OutOfStep {
    async fn start() -> Self {
        Self::with(REAL, PLANTED).await
    }

    async fn with(real: &'static [u8], planted: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut server = Server::start(ServerIdentity::good(), vec![]).await;
        server.port = listener.local_addr().unwrap().port();
        let acceptor = server.identity.acceptor();
        let handshakes = Arc::new(AtomicUsize::new(0));
        let counted = handshakes.clone();
        tokio::spawn(async move {
            let shared = Arc::new(Shared::default());
            while let Ok((tcp, _)) = listener.accept().await {
                tcp.set_nodelay(true).unwrap();
                let tls = acceptor.accept(tcp).await.unwrap();
                let is_first = counted.fetch_add(1, Ordering::SeqCst) == 0;
                tokio::spawn(serve(tls, is_first, shared.clone(), real, planted));
            }
        });
        Self { server, handshakes }
    }
}

async fn serve(
    mut tls: TlsStream<TcpStream>,
    is_first: bool,
    shared: Arc<Shared>,
    real: &'static [u8],
    planted: &'static [u8],
) {
    let (mut answered, mut buffer) = (0, vec![0; 1 << 16]);
    loop {
        let is_told = is_first && answered == 1;
        tokio::select! {
            arrived = tls.read(&mut buffer) => match arrived {
                Ok(length) if length > 0 => {}
                _ => return,
            },
            () = shared.second.notified(), if is_told => {
                say(&mut tls, planted).await;
                shared.is_planted.notify_one();
                answered += 1;
                continue;
            }
        }
        if shared.requests.fetch_add(1, Ordering::SeqCst) == 1 {
            if is_first {
                say(&mut tls, planted).await;
            } else {
                shared.second.notify_one();
                shared.is_planted.notified().await;
            }
        }
        answered += 1;
        say(&mut tls, real).await;
    }
}

async fn say(tls: &mut TlsStream<TcpStream>, body: &[u8]) {
    // An error is a client that has left.
    let _ = tls.write_all(&success(body)).await;
    let _ = tls.flush().await;
}

fn rejections(log: &AuditLog, reason: &str) -> usize {
    let is_of_them = |event: &AuditEvent| matches!(event, AuditEvent::ResponseRejected { reason: found, .. } if found.contains(reason));
    log.events().iter().filter(|event| is_of_them(event)).count()
}

#[tokio::test]
async fn a_response_too_many_is_not_that_to_a_write_which_must_not_be_sent_twice() {
    for first in [Replay::Harmless, Replay::Harmful] {
        let out_of_step = OutOfStep::start().await;
        let client = client(&out_of_step.server);
        send(&client, first).await.unwrap();
        let response = send(&client, Replay::Harmful).await.unwrap();
        assert_eq!((response.body.as_ref(), response.attempts), (REAL, 1));
        assert_eq!(out_of_step.handshakes.load(Ordering::SeqCst), 2);
    }
}

/// What is left, in the time that a response takes; the real response that comes after it is seen.
#[tokio::test]
async fn a_response_too_many_that_comes_after_the_request_is_believed_and_the_real_one_is_told() {
    let out_of_step = OutOfStep::start().await;
    let log = AuditLog::default();
    let client =
        builder(&out_of_step.server).audit(log.clone()).build_in(&Fake::default()).unwrap();
    send(&client, Replay::Guarded).await.unwrap();
    let response = send(&client, Replay::Guarded).await.unwrap();
    assert_eq!(response.body, PLANTED);
    let response = send(&client, Replay::Guarded).await.unwrap();
    assert_eq!((response.body.as_ref(), response.attempts), (REAL, 1));
    assert_eq!(out_of_step.handshakes.load(Ordering::SeqCst), 2);
    assert_eq!(rejections(&log, "before the request had left"), 1);
}

#[tokio::test]
async fn an_item_of_another_key_is_refused_and_the_read_goes_to_another_connection() {
    const MINE: &[u8] = br#"{"Item":{"id":{"S":"mine"}}}"#;
    const OTHER: &[u8] = br#"{"Item":{"id":{"S":"other"}}}"#;
    let out_of_step = OutOfStep::with(MINE, OTHER).await;
    let log = AuditLog::default();
    let client =
        builder(&out_of_step.server).audit(log.clone()).build_in(&Fake::default()).unwrap();
    let body = Bytes::from_static(br#"{"id":{"S":"mine"}}"#);
    for (attempts, handshakes) in [(1, 1), (2, 2)] {
        let item = AskedItem { names: KeyNames::new("id", None), place: 0..body.len() };
        let items = AskedItems::One { item, has_key: true };
        let asked = Asked { items, ..Asked::default() };
        let get = Call { api: Api::GetItem, body: body.clone(), asked, ..call(Replay::Harmless) };
        let response = client.call(get).await.unwrap();
        assert_eq!((response.body.as_ref(), response.attempts), (MINE, attempts));
        assert_eq!(out_of_step.handshakes.load(Ordering::SeqCst), handshakes);
    }
    assert_eq!(rejections(&log, "it has an item that was not asked for"), 1);
}

#[tokio::test]
async fn such_a_write_takes_a_connection_that_was_silent_and_goes_round() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let client = client(&server);
    // The time of connections alone is paused: what is sent is waited for by the runtime.
    for handshakes in [1, 2] {
        send(&client, Replay::Harmful).await.unwrap();
        assert_eq!(server.handshakes(), handshakes);
    }
    tokio::time::pause();
    tokio::time::advance(SILENCE).await;
    tokio::time::resume();
    for _ in 0..2 {
        send(&client, Replay::Harmful).await.unwrap();
        assert_eq!(server.handshakes(), 2, "each of them was silent");
    }
    send(&client, Replay::Guarded).await.unwrap();
    assert_eq!(server.handshakes(), 2, "any will do");
    send(&client, Replay::Harmful).await.unwrap();
    assert_eq!(server.handshakes(), 3);
}

#[tokio::test]
async fn where_no_more_may_be_opened_it_takes_the_one_that_was_silent_longest() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let client = builder(&server).max_connections(2).build_in(&Fake::default()).unwrap();
    for _ in 0..9 {
        send(&client, Replay::Harmful).await.unwrap();
    }
    assert_eq!((server.handshakes(), server.open()), (2, 2));
}

#[tokio::test]
async fn what_is_found_while_an_answer_is_read_ends_all_connections() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let log = AuditLog::default();
    let client = builder(&server).audit(log.clone()).build_in(&Fake::default()).unwrap();
    let response = send(&client, Replay::Harmless).await.unwrap();
    let kind = client.reject(Api::Query, response.peer.as_deref(), Stray::OtherItem);
    assert!(matches!(kind, CallErrorKind::Integrity(_)), "{kind:?}");
    assert_eq!(rejections(&log, "it has an item that was not asked for"), 1);
    send(&client, Replay::Harmless).await.unwrap();
    assert_eq!(server.handshakes(), 2);
}

#[tokio::test]
async fn a_connection_that_was_in_use_then_is_not_kept() {
    let server =
        Server::start(ServerIdentity::good(), vec![Act::Echo(Duration::from_millis(50))]).await;
    let client = client(&server);
    let in_use = tokio::spawn({
        let client = client.clone();
        async move { send(&client, Replay::Harmless).await.map(drop) }
    });
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    client.reject(Api::Query, None, Stray::OtherItem);
    in_use.await.unwrap().unwrap();
    send(&client, Replay::Harmless).await.unwrap();
    assert_eq!(server.handshakes(), 2);
}

/// The item of a failed condition tells whether an attempt whose response was lost was applied: another one tells nothing.
#[tokio::test]
async fn another_item_does_not_tell_what_became_of_a_lost_attempt() {
    let rejected = |id: &str| {
        let item = format!(r#","Item":{{"id":{{"S":"{id}"}}}}"#);
        Act::Answer(failure_with(400, "ConditionalCheckFailedException", &item))
    };
    let body = Bytes::from_static(br#"{"id":{"S":"mine"}}"#);
    for (id, is_believed) in [("mine", true), ("other", false)] {
        let script = vec![Act::CloseRead, rejected(id), rejected(id)];
        let server = Server::start(ServerIdentity::good(), script).await;
        let item = AskedItem { names: KeyNames::new("id", None), place: 0..body.len() };
        let items = AskedItems::One { item, has_key: true };
        let asked = Asked { items, ..Asked::default() };
        let write = Call { body: body.clone(), asked, ..call(Replay::Guarded) };
        let error = client(&server).call(write).await.err().unwrap();
        assert_eq!(matches!(error.kind, CallErrorKind::Service { .. }), is_believed, "{error}");
        assert_eq!(matches!(error.kind, CallErrorKind::Integrity(_)), !is_believed, "{error}");
        assert!(error.outcome_unknown && error.maybe_applied_before);
        assert_eq!(error.attempts, if is_believed { 2 } else { 3 });
    }
}
