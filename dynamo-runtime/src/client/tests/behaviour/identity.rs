//! Where the keys of a request come from, and when they are asked for again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};

use super::super::server::{Act, Server, ServerIdentity, failure, success};
use super::pauses::Pauses;
use super::rows::{Operation, Outcome};
use super::{PLENTY, ours, sdk};
use crate::client::Credentials;

/// Gives other keys each time: first some that have expired, then an error, then some for an hour.
#[derive(Debug, Default)]
struct Changing(AtomicU32);

impl Changing {
    fn next(&self) -> provider::Result {
        let asked = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        let now = SystemTime::now();
        let expiry = match asked {
            1 | 2 => now - Duration::from_secs(1),
            3 => return Err(CredentialsError::provider_error("out of order")),
            _ => now + Duration::from_hours(1),
        };
        Ok(Keys::new(format!("KEY{asked}"), "secret", None, Some(expiry), "test"))
    }
}

impl ProvideCredentials for Changing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(self.next())
    }
}

/// The fourth request that arrives is refused for its keys.
async fn server() -> Server {
    let answers = (0..3).map(|_| success(b"{}")).chain([failure(400, "ExpiredTokenException")]);
    Server::start(ServerIdentity::good(), answers.map(Act::Answer).collect()).await
}

const CALLS: usize = 6;

/// The access keys' ids of the requests that arrived.
fn keys(server: &Server) -> Vec<String> {
    let of_request = |request: &String| {
        let (_, rest) = request.split_once("Credential=").unwrap();
        rest.split('/').next().unwrap().to_owned()
    };
    server.requests().iter().map(of_request).collect()
}

#[tokio::test]
async fn keys_are_kept_until_the_service_refuses_them_where_the_sdk_asks_at_each_call() {
    let pauses = Pauses::default();
    let server_of_ours = server().await;
    let credentials = Credentials::provider(Changing::default());
    let client = ours::client(&server_of_ours, &pauses, credentials, PLENTY);
    let mut of_ours = Vec::new();
    for _ in 0..CALLS {
        let outcome = ours::call(&client, Operation::Read).await;
        of_ours.push(outcome.map_or_else(|error| ours::told(&error), |_| Outcome::Success));
    }

    let server_of_sdk = server().await;
    let (client, _) = sdk::client(&server_of_sdk, &pauses, Changing::default(), PLENTY);
    let mut of_sdk = Vec::new();
    for _ in 0..CALLS {
        of_sdk.push(sdk::call(&client, Operation::Read).await);
    }

    let refused = Outcome::Service("ExpiredTokenException".to_owned());
    let success = Outcome::Success;
    let expected = [
        success.clone(),
        success.clone(),
        Outcome::Unsent,
        success.clone(),
        refused.clone(),
        success.clone(),
    ];
    assert_eq!(of_sdk, expected);
    assert_eq!(keys(&server_of_sdk), ["KEY1", "KEY2", "KEY4", "KEY4", "KEY4"]);
    // What has expired by this machine's clock is used until the service says the same.
    let expected =
        [success.clone(), success.clone(), success.clone(), refused, success.clone(), success];
    assert_eq!(of_ours, expected);
    assert_eq!(keys(&server_of_ours), ["KEY1", "KEY1", "KEY1", "KEY1", "KEY2", "KEY2"]);
    assert!(pauses.taken().is_empty());
}
