//! A call that is given up: nothing more of it is sent.

use std::time::Duration;

use super::super::server::{Act, Server, ServerIdentity};
use super::pauses::Pauses;
use super::rows::{Operation, Outcome};
use super::{PLENTY, ours, sdk};
use crate::client::Credentials;

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
