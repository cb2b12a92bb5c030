//! The whole service in this process, spoken to over TLS.
// Clippy takes only what has `#[test]` for a test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod callers;
mod client;
mod creations;
mod edge;
mod errors;
mod hostile;
mod interface;
mod key_urls;
mod log;
mod operators;
mod proxies;
mod secrets;
mod tokens;
mod users;

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use user_service::api::KeptRequest;
use user_service::auth::{Party, Rate, Scopes, SigningKey, TokenRequest};
use user_service::config::{Certificate, Config, TokenKeys, Tokens};
use user_service::edge::Limits;
use user_service::secret::Secret;
use user_service::user::{EmailClaim, User};
use user_service::{Clock, Server};

use client::Client;

const ADA: &str = r#"{
    "user_id": "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d",
    "email": "Ada@Example.com", "name": "Ada Lovelace", "password": "correct horse battery"
}"#;
const ADAS_ID: &str = "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d";
const ADAS_PATH: &str = "/users/0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d";

/// A running service, its engine, and a client of it that may do everything.
struct Running {
    client: Client,
    ca_pem: String,
    key: SigningKey,
    clock: TestClock,
    engine: LocalEngine,
    stop: oneshot::Sender<()>,
    stopped: JoinHandle<()>,
    plain: Option<std::net::SocketAddr>,
}

impl Running {
    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.stopped.await.unwrap();
    }

    /// A token of the service's own key.
    fn token(&self, subject: &str, scopes: &str) -> String {
        let life = Duration::from_mins(10);
        let request = TokenRequest { subject, scopes: scopes.parse().unwrap(), life };
        self.key.clone().issue(party(), &request).unwrap()
    }

    /// Another caller of the same service.
    fn as_caller(&self, subject: &str, scopes: &str) -> Client {
        self.client.with_token(&self.token(subject, scopes))
    }
}

fn party() -> Party {
    Party { issuer: "user-service".to_owned(), audience: "user-service".to_owned() }
}

/// A clock that is put on by hand.
#[derive(Clone)]
struct TestClock(Arc<Mutex<SystemTime>>);

impl TestClock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(SystemTime::now())))
    }

    fn put_on(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }

    fn clock(&self) -> Clock {
        let time = Arc::clone(&self.0);
        Clock::new(move || *time.lock().unwrap())
    }
}

fn config(key: &SigningKey) -> Config {
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        certificate: Certificate::ForThisRun,
        plain_listen: None,
        proxies: None,
        store: user_service::config::Store::Embedded,
        tokens: Tokens { party: party(), keys: TokenKeys::Own(key.clone()) },
        collector: None,
        secret: Secret::random(),
        requests_per_minute: 10_000,
        limits: Limits::default(),
    }
}

async fn start() -> Running {
    start_with(|_| {}).await
}

async fn start_with(change: impl FnOnce(&mut Config)) -> Running {
    start_on(&LocalEngine::in_memory().await.unwrap(), change).await
}

/// One more instance on the same table.
async fn start_on(engine: &LocalEngine, change: impl FnOnce(&mut Config)) -> Running {
    log::capture();
    let engine = engine.clone();
    let key = SigningKey::random().unwrap();
    let mut config = config(&key);
    change(&mut config);
    let client = SecureClient::local()
        .engine(&engine)
        .table::<User>()
        .table::<EmailClaim>()
        .table::<KeptRequest>()
        .table::<Rate>();
    let store = client.build().await.unwrap();
    let clock = TestClock::new();
    let server = Server::bind_with(&config, store, clock.clock()).await.unwrap();
    let ca_pem = server.ca_pem().unwrap_or_default().to_owned();
    let (address, plain) = (server.address(), server.plain_address());
    let (stop, stopping) = oneshot::channel();
    let stopped = tokio::spawn(server.run(async {
        let _ = stopping.await;
    }));
    let scopes: Scopes = "admin".parse().unwrap();
    let request = TokenRequest { subject: "operator", scopes, life: Duration::from_hours(1) };
    let token = key.clone().issue(party(), &request).unwrap();
    let client = if ca_pem.is_empty() {
        Client::trusting_nobody(address)
    } else {
        Client::trusting(&ca_pem, address)
    };
    let client = client.with_token(&token);
    Running { client, ca_pem, key, clock, engine, stop, stopped, plain }
}
