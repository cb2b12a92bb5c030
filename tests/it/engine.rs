//! Which engine the suite runs against: the embedded one, or another that is told to this crate.
//!
//! `scripts/other-engines` starts the others, one after the other, and runs the suite again. A test
//! that needs the embedded one says so by [`embedded`], and stands in `tests/other-engines.txt` with
//! the reason.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use dynamo_runtime::client::{SearchEndpoint, SecureClientBuilder};
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::{LocalBuilder, LocalEngine, Tables};
use dynamo_runtime::{Endpoint, Trust};

/// The name of the other engine.
const NAME: &str = "DYNAMO_TESTS_ENGINE";
/// The port on 127.0.0.1 of the other engine.
const PORT: &str = "DYNAMO_TESTS_ENGINE_PORT";
/// The file with the certificate of its authority.
const CA: &str = "DYNAMO_TESTS_ENGINE_CA";

/// A client of the engine that the suite runs against, with the tables of the entities.
pub fn client() -> ClientBuilder {
    ClientBuilder { tables: Tables::new(), names: Vec::new(), clock: None, returns_capacity: false }
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

/// Reads a global index until it gives what is expected, or half a minute has passed: the service,
/// and ExtendDB as it does, has a write in its indexes only some time after it was answered.
///
/// Source: [Global secondary indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html).
///
/// # Panics
/// When it gave something else to the end.
pub async fn eventually<T: PartialEq + Debug>(expected: T, read: impl AsyncFn() -> T) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let found = read().await;
        if found == expected {
            return;
        }
        assert!(Instant::now() < deadline, "{found:?} is not {expected:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The name of the engine that the suite runs against.
pub fn name() -> String {
    std::env::var(NAME).unwrap_or_else(|_| "embedded".to_owned())
}

/// Where the engine is that the suite runs against, and what it asks for.
pub struct Place {
    pub host: String,
    pub port: u16,
    pub ca: Vec<u8>,
    pub credentials: (String, String),
    /// It lives as long as this.
    _embedded: Option<LocalEngine>,
}

impl Place {
    pub async fn of_engine() -> Self {
        let Ok(port) = std::env::var(PORT) else {
            let engine = LocalEngine::in_memory().await.unwrap();
            let keys = [engine.access_key_id(), engine.secret_access_key()].map(str::to_owned);
            return Self {
                host: engine.host().to_owned(),
                port: engine.port(),
                ca: engine.ca_pem().as_bytes().to_vec(),
                credentials: keys.into(),
                _embedded: Some(engine),
            };
        };
        let keys =
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(|name| std::env::var(name).unwrap());
        Self {
            host: "127.0.0.1".to_owned(),
            port: port.parse().unwrap(),
            ca: std::fs::read(std::env::var_os(CA).unwrap()).unwrap(),
            credentials: keys.into(),
            _embedded: None,
        }
    }
}

type Clock = Box<dyn Fn() -> SystemTime + Send + Sync>;
type Name = Box<dyn FnOnce(OtherClient, &str) -> OtherClient>;
type OtherClient = SecureClientBuilder<Region, Credentials>;

pub struct ClientBuilder {
    tables: Tables,
    names: Vec<Name>,
    clock: Option<Clock>,
    returns_capacity: bool,
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

    pub fn return_capacity(mut self) -> Self {
        self.returns_capacity = true;
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
        if self.returns_capacity {
            client = client.return_capacity();
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
            .credentials(Credentials::environment())
            .endpoint(Endpoint::compatible("127.0.0.1", port).unwrap())
            .search_endpoint(SearchEndpoint::same_host())
            .trust(Trust::private_ca(ca).unwrap());
        let run = format!("{}.{}", std::process::id(), CLIENTS.fetch_add(1, Ordering::Relaxed));
        for name in self.names {
            client = name(client, &run);
        }
        if let Some(clock) = self.clock {
            client = client.clock(clock);
        }
        if self.returns_capacity {
            client = client.return_capacity();
        }
        let client = client.build().await.unwrap();
        self.tables.create(&client).await.unwrap();
        client
    }
}
