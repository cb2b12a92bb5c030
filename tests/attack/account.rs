//! What is called in every row: a read, which may be tried again, and a write, which must not.

use std::time::Duration;

use dynamo_runtime::prelude::*;
use dynamo_runtime::{Endpoint, SecureClientBuilder, Timeouts, Trust};

use crate::row::Outcome;

const SECRET_KEY: &str = "the-secret-access-key";
const SESSION_TOKEN: &str = "the-session-token";
const OWNER: &str = "the-owner-of-the-account";

/// What no error and no event may tell.
pub const SECRETS: [&str; 3] = [SECRET_KEY, SESSION_TOKEN, OWNER];

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

pub fn credentials() -> Credentials {
    Credentials::fixed("AKIDEXAMPLE", SECRET_KEY, Some(SESSION_TOKEN.to_owned()))
}

impl Call {
    pub async fn send(self, client: SecureClientBuilder<Region, Credentials>) -> Outcome {
        let client = match client.build().await {
            Ok(client) => client,
            Err(error) => return Outcome::Unbuilt(error),
        };
        self.send_with(&client).await
    }

    pub async fn send_with(self, client: &SecureClient) -> Outcome {
        let key = || Account::key(OWNER.to_owned());
        match self {
            Self::Read => match Account::get(key()).response(client).await {
                Ok(response) => Outcome::Succeeded(response.peer),
                Err(error) => Outcome::Failed(error),
            },
            Self::Write => {
                let write = Account::update(key()).add(Account::BALANCE, 1).if_exists();
                match write.response(client).await {
                    Ok(response) => Outcome::Succeeded(response.peer),
                    Err(error) => Outcome::Failed(error.into()),
                }
            }
        }
    }
}
