//! A call that is given up: nothing more of it is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_credential_types::provider::{ProvideCredentials, future};
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use super::super::server::{Act, Server, ServerIdentity, failure, success};
use super::super::{Fake, builder};
use super::pauses::Pauses;
use super::rows::{Operation, Outcome};
use super::{PLENTY, ours, sdk};
use crate::client::{Credentials, SecureClient};

/// Gives a call up once its request has been read.
async fn give_up<T>(server: &Server, call: impl Future<Output = T>) {
    let arrived = async {
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        _ = call => panic!("it was answered"),
        () = arrived => {}
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_is_not_sent_again_and_its_connection_not_used_again() {
    let pauses = Pauses::default();
    let server = Server::start(ServerIdentity::good(), vec![Act::Stall]).await;
    let keys = Credentials::provider(sdk::keys());
    let client = ours::client(&server, &pauses, keys, PLENTY);
    give_up(&server, ours::call(&client, Operation::Read)).await;
    let response = ours::call(&client, Operation::Read).await.unwrap();
    assert_eq!((response.attempts, server.requests().len()), (1, 2));
    assert_eq!(server.connections(), 2, "the answer to the first call could come yet");

    let server = Server::start(ServerIdentity::good(), vec![Act::Stall]).await;
    let (client, attempts) = sdk::client(&server, &pauses, sdk::keys(), PLENTY);
    give_up(&server, sdk::call(&client, Operation::Read)).await;
    assert_eq!(sdk::call(&client, Operation::Read).await, Outcome::Success);
    assert_eq!(attempts.load(std::sync::atomic::Ordering::SeqCst), 2);
    assert_eq!(server.requests().len(), 2);
    assert!(pauses.taken().is_empty());
}

/// Drops a call once what it waits for has come about.
async fn dropped_when(client: &SecureClient, waits: impl Fn() -> bool) {
    let waiting = async {
        while !waits() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        _ = ours::call(client, Operation::Read) => panic!("it ended"),
        () = waiting => {}
    }
}

/// The next call is the one request more that arrives, at its first attempt.
async fn goes_on(client: &SecureClient, server: &Server) {
    let before = server.requests().len();
    let response = ours::call(client, Operation::Read).await.unwrap();
    assert_eq!((response.attempts, server.requests().len()), (1, before + 1));
}

/// Gives no keys to whoever asks first.
#[derive(Clone, Debug, Default)]
struct SilentOnce(Arc<AtomicU32>);

impl ProvideCredentials for SilentOnce {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let asked = self.0.fetch_add(1, Ordering::SeqCst);
        future::ProvideCredentials::new(async move {
            if asked == 0 { std::future::pending().await } else { Ok(sdk::keys()) }
        })
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_while_it_waits_for_keys_leaves_the_source_to_the_next() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let source = SilentOnce::default();
    let keys = Credentials::provider(source.clone());
    let client = ours::client(&server, &Pauses::default(), keys, PLENTY);
    dropped_when(&client, || source.0.load(Ordering::SeqCst) == 1).await;
    assert_eq!(server.connections(), 0);
    goes_on(&client, &server).await;
}

#[tokio::test]
async fn a_call_that_is_dropped_in_the_queue_for_a_connection_takes_no_place() {
    let server = Server::start(ServerIdentity::good(), vec![Act::Stall]).await;
    let client = builder(&server).max_connections(1).build_in(&Fake::default()).unwrap();
    {
        let first = std::pin::pin!(ours::call(&client, Operation::Read));
        let queued = async {
            while server.requests().is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let second = ours::call(&client, Operation::Read);
            tokio::time::timeout(Duration::from_millis(20), second).await.err().unwrap();
        };
        tokio::select! {
            _ = first => panic!("it was answered"),
            () = queued => {}
        }
        assert_eq!(server.requests().len(), 1, "the second waits for the first");
    }
    goes_on(&client, &server).await;
}

#[tokio::test]
async fn a_call_that_is_dropped_while_it_connects_closes_its_socket() {
    let mut server = Server::start(ServerIdentity::good(), vec![]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    server.port = listener.local_addr().unwrap().port();
    let client = builder(&server).build_in(&Fake::default()).unwrap();
    let mut call = Box::pin(ours::call(&client, Operation::Read));
    let mut tcp = tokio::select! {
        _ = &mut call => panic!("it ended"),
        tcp = listener.accept() => tcp.unwrap().0,
    };
    drop(call);
    // It ends, after whatever was sent of the handshake.
    while !matches!(tcp.read(&mut [0; 1024]).await, Ok(0) | Err(_)) {}
    assert_eq!(client.attestation().connections().open, 0);
}

#[tokio::test]
async fn a_call_that_is_dropped_in_the_response_ends_its_connection() {
    let mut cut = success(b"{\"Item\":{}}");
    cut.truncate(cut.len() - 1);
    let server = Server::start(ServerIdentity::good(), vec![Act::Answer(cut)]).await;
    let client = builder(&server).build_in(&Fake::default()).unwrap();
    dropped_when(&client, || !server.requests().is_empty()).await;
    goes_on(&client, &server).await;
    assert_eq!(server.connections(), 2, "the rest of the first response could come yet");
}

/// Pauses that never end, and how many were begun.
#[derive(Clone, Debug, Default)]
struct EndlessPauses(Arc<AtomicU32>);

impl AsyncSleep for EndlessPauses {
    fn sleep(&self, _: Duration) -> Sleep {
        self.0.fetch_add(1, Ordering::SeqCst);
        Sleep::new(std::future::pending())
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_in_a_pause_is_not_sent_again() {
    let fails = Act::Answer(failure(500, "InternalServerError"));
    let server = Server::start(ServerIdentity::good(), vec![fails]).await;
    let pauses = EndlessPauses::default();
    let client = builder(&server).sleep(SharedAsyncSleep::new(pauses.clone()));
    let client = client.build_in(&Fake::default()).unwrap();
    dropped_when(&client, || pauses.0.load(Ordering::SeqCst) == 1).await;
    assert_eq!(server.requests().len(), 1);
    goes_on(&client, &server).await;
    assert_eq!(server.connections(), 1, "the connection was free already");
}
