//! Which engine the suite runs against: the embedded one, or another that is told to this crate.
//!
//! `scripts/second-engine` starts the other one and runs the suite again. A test that needs the
//! embedded one says so by [`embedded`], and stands in `tests/second-engine.txt` with the reason.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::{LocalBuilder, LocalEngine, Tables};
use dynamo_runtime::{Endpoint, SecureClientBuilder, Trust};

/// The port on 127.0.0.1 of the other engine.
const PORT: &str = "DYNAMO_TESTS_ENGINE_PORT";
/// The file with the certificate of its authority.
const CA: &str = "DYNAMO_TESTS_ENGINE_CA";

/// A client of the engine that the suite runs against, with the tables of the entities.
pub fn client() -> ClientBuilder {
    ClientBuilder { tables: Tables::new(), names: Vec::new(), clock: None }
}

/// A builder of a client of the embedded engine.
///
/// # Panics
/// When the suite runs against another one.
#[track_caller]
pub fn embedded() -> LocalBuilder {
    assert!(std::env::var_os(PORT).is_none(), "this test needs the embedded engine");
    SecureClient::local()
}

/// An embedded engine, for its faults and for the requests that it saw.
#[track_caller]
pub fn embedded_engine() -> impl Future<Output = LocalEngine> {
    drop(embedded());
    async { LocalEngine::in_memory().await.unwrap() }
}

type Clock = Box<dyn Fn() -> SystemTime + Send + Sync>;
type Name = Box<dyn FnOnce(OtherClient, &str) -> OtherClient>;
type OtherClient = SecureClientBuilder<Region, Credentials>;

pub struct ClientBuilder {
    tables: Tables,
    names: Vec<Name>,
    clock: Option<Clock>,
}

impl ClientBuilder {
    pub fn table<E: Entity>(mut self) -> Self {
        self.tables = self.tables.table::<E>();
        self.names.push(Box::new(|client, run| {
            let name = format!("{}.{run}", E::SCHEMA.table);
            client.table::<E>(TableName::new(name).unwrap())
        }));
        self
    }

    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    pub async fn build(self) -> SecureClient {
        match std::env::var(PORT) {
            Ok(port) => self.of_another(port.parse().unwrap()).await,
            Err(_) => self.of_embedded().await,
        }
    }

    async fn of_embedded(self) -> SecureClient {
        let mut client = SecureClient::local();
        if let Some(clock) = self.clock {
            client = client.clock(clock);
        }
        let client = client.build().await.unwrap();
        self.tables.create(&client).await.unwrap();
        client
    }

    /// The tables of each client have names of their own, so that no test sees another's items.
    async fn of_another(self, port: u16) -> SecureClient {
        static CLIENTS: AtomicU32 = AtomicU32::new(0);
        let ca = std::fs::read(std::env::var_os(CA).unwrap()).unwrap();
        let mut client = SecureClient::builder()
            .region(Region::US_EAST_1)
            .credentials(Credentials::fixed("suite", "suite", None))
            .endpoint(Endpoint::compatible("127.0.0.1", port).unwrap())
            .trust(Trust::private_ca(ca).unwrap());
        let run = format!("{}.{}", std::process::id(), CLIENTS.fetch_add(1, Ordering::Relaxed));
        for name in self.names {
            client = name(client, &run);
        }
        if let Some(clock) = self.clock {
            client = client.clock(clock);
        }
        let client = client.build().await.unwrap();
        self.tables.create(&client).await.unwrap();
        client
    }
}
