//! The client of this crate, run on a row.

use std::time::Duration;

use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use bytes::Bytes;

use super::super::server::Server;
use super::pauses::Pauses;
use super::rows::{Operation, Outcome, Row};
use super::sdk::Seed;
use super::{ATTEMPTS, PLENTY, Seen, server};
use crate::client::ambient::tests::Fake;
use crate::client::{
    Api, Call, CallError, CallErrorKind, Credentials, Endpoint, RawResponse, Region, Replay,
    SecureClient, Timeouts, Trust,
};

/// The client for that server.
pub(super) fn client(
    server: &Server,
    pauses: &Pauses,
    credentials: Credentials,
    response_limit: Duration,
) -> SecureClient {
    let timeouts = Timeouts::default().connect(PLENTY).response(response_limit).deadline(PLENTY);
    SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(credentials)
        .endpoint(Endpoint::compatible("127.0.0.1", server.port).unwrap())
        .trust(Trust::private_ca(&server.identity.ca_pem).unwrap())
        .timeouts(timeouts)
        .retries(ATTEMPTS)
        .sleep(SharedAsyncSleep::new(pauses.clone()))
        .build_in(&Fake::default())
        .unwrap()
}

pub(super) async fn run(row: &Row, operation: Operation, seed: u64) -> Seen {
    let (server, _unused) = server(row).await;
    let pauses = Pauses::default();
    let keys = Credentials::provider(Seed { seed, drawn: 1 });
    let client = client(&server, &pauses, keys, row.response_limit());
    let outcome = call(&client, operation).await;
    let (attempts, is_unknown) = match &outcome {
        Ok(response) => (response.attempts, false),
        Err(error) => (error.attempts, error.outcome_unknown),
    };
    let outcome = outcome.map_or_else(|error| told(&error), |_| Outcome::Success);
    Seen { attempts, pauses: pauses.taken(), outcome, is_unknown }
}

pub(super) async fn call(
    client: &SecureClient,
    operation: Operation,
) -> Result<RawResponse, CallError> {
    let (api, replay) = match operation {
        Operation::Read => (Api::GetItem, Replay::Harmless),
        Operation::Write => (Api::PutItem, Replay::Harmful),
    };
    let body = Bytes::from_static(b"{}");
    client.call(Call { api, body, ..super::super::call(replay) }).await
}

pub(super) fn told(error: &CallError) -> Outcome {
    match &error.kind {
        CallErrorKind::Service { code, .. } => Outcome::Service(code.clone()),
        CallErrorKind::Clock { .. } => Outcome::Clock,
        CallErrorKind::Timeout(_) | CallErrorKind::Deadline(_) | CallErrorKind::Queued { .. } => {
            Outcome::Timeout
        }
        CallErrorKind::Connect(_) | CallErrorKind::Broken(_) => Outcome::Connection,
        CallErrorKind::Integrity(_) => Outcome::Response,
        CallErrorKind::Refused(_) => Outcome::Refused,
        CallErrorKind::Credentials(_)
        | CallErrorKind::NoSearchEndpoint(_)
        | CallErrorKind::Internal(_) => Outcome::Unsent,
    }
}
