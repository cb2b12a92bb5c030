//! What is called in every row: a read, which may be tried again, and a write, which must not.

use std::time::Duration;

use dynamo_runtime::client::{AuditLog, Proxy, SecureClientBuilder, Timeouts};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Endpoint, Trust};

use crate::leaks::apart;
use crate::row::{Outcome, Seen};
use crate::server::Tally;

const SECRET_KEY: &str = "the-secret-access-key";
const SESSION_TOKEN: &str = "the-session-token";
const OWNER: &str = "the-owner-of-the-account";

/// Where a role's keys are asked for.
pub const STS: &str = "sts.us-east-1.amazonaws.com";

/// What no error and no event may tell.
pub const SECRETS: [&str; 4] = [SECRET_KEY, SESSION_TOKEN, OWNER, "the-password-of-the-proxy"];

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "accounts")]
pub struct Account {
    #[dynamo(partition_key)]
    pub owner: String,
    #[dynamo(default)]
    pub balance: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Read,
    /// An addition, which a second arrival would carry out twice.
    Write,
}

/// A builder for a server of this machine, which `trust` must know.
pub fn client(port: u16, trust: Trust) -> SecureClientBuilder<Region, Credentials> {
    client_with(credentials(), port, trust)
}

pub fn client_with(
    credentials: Credentials,
    port: u16,
    trust: Trust,
) -> SecureClientBuilder<Region, Credentials> {
    SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(credentials)
        .endpoint(Endpoint::compatible("localhost", port).unwrap())
        .trust(trust)
        // Long enough for a machine that is busy.
        .timeouts(Timeouts::default().connect(Duration::from_secs(20)))
}

/// A builder for AWS itself, to which this proxy leads.
pub fn aws_client(proxy: u16, trust: Trust) -> SecureClientBuilder<Region, Credentials> {
    client(proxy, trust)
        .endpoint(Endpoint::standard())
        .proxy(Proxy::connect("localhost", proxy).unwrap())
}

/// Keys with this token.
pub fn keys(token: &str) -> aws_credential_types::Credentials {
    let token = Some(token.to_owned());
    aws_credential_types::Credentials::new("AKIDEXAMPLE", SECRET_KEY, token, None, "a row")
}

pub fn credentials() -> Credentials {
    Credentials::fixed("AKIDEXAMPLE", SECRET_KEY, Some(SESSION_TOKEN.to_owned()))
}

/// Builds the client, makes the call on a runtime of its own, and tells what came of it on both sides.
pub async fn seen<F>(
    client: SecureClientBuilder<Region, Credentials>,
    tally: &Tally,
    call: impl FnOnce(SecureClient) -> F + Send + 'static,
) -> Seen
where
    F: Future<Output = Outcome> + Send,
{
    let log = AuditLog::default();
    let client = client.audit(log.clone());
    let (outcome, left) = apart(async move {
        match client.build().await {
            Ok(client) => call(client).await,
            Err(error) => Outcome::Unbuilt(error),
        }
    })
    .await;
    Seen {
        outcome,
        handshakes: tally.handshakes(),
        signed_bytes: tally.bytes(),
        requests: tally.requests(),
        events: log.take(),
        left,
    }
}

impl Call {
    /// Builds the client, calls once, and tells what came of it on both sides.
    pub async fn send(
        self,
        client: SecureClientBuilder<Region, Credentials>,
        tally: &Tally,
    ) -> Seen {
        seen(client, tally, move |client| async move { self.send_with(&client).await }).await
    }

    async fn send_with(self, client: &SecureClient) -> Outcome {
        let key = || Account::key(OWNER.to_owned());
        match self {
            Self::Read => match Account::get(key()).send_with_metadata(client).await {
                Ok(response) => Outcome::Succeeded(response.peer),
                Err(error) => Outcome::Failed(error),
            },
            Self::Write => {
                let write = Account::update(key()).add(Account::BALANCE, 1).if_exists();
                match write.send_with_metadata(client).await {
                    Ok(response) => Outcome::Succeeded(response.peer),
                    Err(error) => Outcome::Failed(error.into()),
                }
            }
        }
    }
}
