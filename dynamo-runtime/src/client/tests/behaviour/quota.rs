//! Retries are paid from a quota, so that a service in trouble is not asked three times as often.

use std::sync::atomic::Ordering;

use super::super::server::{Act, Server, ServerIdentity, failure, success};
use super::pauses::Pauses;
use super::rows::{Operation, Outcome};
use super::{PLENTY, ours, sdk};
use crate::client::Credentials;

/// More than the quota pays for, whatever a retry costs.
const CALLS: usize = 60;

/// The attempts of each of many calls: of all but the last ones none succeeds.
async fn attempts(operation: Operation, status: u16, code: &str) -> (Vec<u32>, Vec<u32>) {
    let server = || {
        let fails = || Act::Answer(failure(status, code));
        Server::start(ServerIdentity::good(), (0..CALLS * 3).map(|_| fails()).collect())
    };
    let pauses = Pauses::default();
    let failed = Outcome::Service(code.to_owned());

    let server_of_ours = server().await;
    let keys = Credentials::provider(sdk::keys());
    let client = ours::client(&server_of_ours, &pauses, keys, PLENTY);
    let mut of_ours = Vec::new();
    for _ in 0..CALLS {
        let error = ours::call(&client, operation).await.err().unwrap();
        assert_eq!(ours::told(&error), failed);
        of_ours.push(error.attempts);
    }

    let server_of_sdk = server().await;
    let (client, attempts) = sdk::client(&server_of_sdk, &pauses, sdk::keys(), PLENTY);
    let mut of_sdk = Vec::new();
    for _ in 0..CALLS {
        let before = attempts.load(Ordering::SeqCst);
        assert_eq!(sdk::call(&client, operation).await, failed);
        of_sdk.push(attempts.load(Ordering::SeqCst) - before);
    }
    (of_ours, of_sdk)
}

#[tokio::test]
async fn a_quota_pays_for_as_many_retries_as_the_sdks() {
    for (operation, status, code, retries) in [
        (Operation::Read, 500, "InternalServerError", 35),
        (Operation::Read, 400, "ThrottlingException", 100),
        (Operation::Write, 400, "ReplicatedWriteConflictException", 35),
    ] {
        let (ours, sdk) = attempts(operation, status, code).await;
        assert_eq!(ours, sdk, "{code}");
        let paid: u32 = ours.iter().map(|attempts| attempts - 1).sum();
        assert_eq!(paid, retries, "{code}");
        assert_eq!(ours.last(), Some(&1), "{code}: it is used up");
    }
}

#[tokio::test]
async fn each_client_has_a_quota_of_its_own_that_successes_fill_again() {
    let fails = |calls: usize| (0..calls).map(|_| Act::Answer(failure(500, "InternalServerError")));
    let succeeds = || Act::Answer(success(b"{}"));
    // What is left of the first quota does not pay for a retry; 14 successes fill it for one.
    let script = fails(CALLS + 35).chain((0..14).map(|_| succeeds()));
    let script = script.chain(fails(1)).chain([succeeds()]).chain(fails(3));
    let server = Server::start(ServerIdentity::good(), script.collect()).await;
    let pauses = Pauses::default();
    let client = || ours::client(&server, &pauses, Credentials::provider(sdk::keys()), PLENTY);
    let attempts = async |client| {
        let outcome = ours::call(client, Operation::Read).await;
        outcome.map_or_else(|error| error.attempts, |response| response.attempts)
    };
    let (first, second) = (client(), client());
    let mut of_first = Vec::new();
    for _ in 0..CALLS {
        of_first.push(attempts(&first).await);
    }
    assert_eq!(of_first.last(), Some(&1));
    for _ in 0..14 {
        assert_eq!(attempts(&first).await, 1);
    }
    assert_eq!(attempts(&first).await, 2);
    assert_eq!(attempts(&second).await, 3);
}

/// How often a call is attempted after the quota was used up and one call has succeeded since.
async fn attempts_after_a_success(
    server: &Server,
    mut call: impl AsyncFnMut() -> (Outcome, u32),
) -> u32 {
    for _ in 0..CALLS {
        call().await;
    }
    let before = server.requests().len();
    assert_eq!(call().await.0, Outcome::Success);
    assert_eq!(server.requests().len(), before + 1);
    call().await.1
}

#[tokio::test]
async fn what_a_failed_call_paid_is_spent_where_the_sdk_gives_it_to_the_next_call() {
    let server = || {
        let fails = |calls| (0..calls).map(|_| Act::Answer(failure(500, "InternalServerError")));
        let script = fails(CALLS + 35).chain([Act::Answer(success(b"{}"))]).chain(fails(1));
        Server::start(ServerIdentity::good(), script.collect())
    };
    let pauses = Pauses::default();

    let server_of_ours = server().await;
    let keys = Credentials::provider(sdk::keys());
    let client = ours::client(&server_of_ours, &pauses, keys, PLENTY);
    let call = async || match ours::call(&client, Operation::Read).await {
        Ok(response) => (Outcome::Success, response.attempts),
        Err(error) => (ours::told(&error), error.attempts),
    };
    assert_eq!(attempts_after_a_success(&server_of_ours, call).await, 1, "11 are left");

    let server_of_sdk = server().await;
    let (client, attempts) = sdk::client(&server_of_sdk, &pauses, sdk::keys(), PLENTY);
    let call = async || {
        let before = attempts.load(Ordering::SeqCst);
        let outcome = sdk::call(&client, Operation::Read).await;
        (outcome, attempts.load(Ordering::SeqCst) - before)
    };
    assert_eq!(attempts_after_a_success(&server_of_sdk, call).await, 2, "24 are left");
}
