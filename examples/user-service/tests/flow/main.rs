//! The whole service in this process, spoken to over TLS.
// Clippy takes only what has `#[test]` for a test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod client;
mod errors;
mod hostile;
mod log;
mod users;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use user_service::Server;
use user_service::config::Certificate;
use user_service::user::User;

use client::Client;

const ADA: &str = r#"{
    "user_id": "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d",
    "email": "Ada@Example.com", "name": "Ada Lovelace", "password": "correct horse battery"
}"#;
const ADAS_PATH: &str = "/users/0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d";

/// A running service, its engine, and a client of it.
struct Running {
    client: Client,
    ca_pem: String,
    engine: LocalEngine,
    stop: oneshot::Sender<()>,
    stopped: JoinHandle<()>,
}

impl Running {
    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.stopped.await.unwrap();
    }
}

async fn start() -> Running {
    log::capture();
    let engine = LocalEngine::in_memory().await.unwrap();
    let store = SecureClient::local().engine(&engine).table::<User>().build().await.unwrap();
    let address = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind_with(store, &Certificate::ForThisRun, address).await.unwrap();
    let ca_pem = server.ca_pem().unwrap().to_owned();
    let client = Client::trusting(&ca_pem, server.address());
    let (stop, stopping) = oneshot::channel();
    let stopped = tokio::spawn(server.run(async {
        let _ = stopping.await;
    }));
    Running { client, ca_pem, engine, stop, stopped }
}
