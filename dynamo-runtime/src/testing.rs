//! A DynamoDB engine inside the test's own process, behind TLS, with faults on demand.
//!
//! [`LocalEngine`] serves DynamoDB's wire protocol on loopback as the service does: over TLS, to
//! signed requests only, each response with its CRC. What a test cannot ask of the service, it can
//! ask of [`Faults`]: lose a response, hold a request, corrupt a body.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use dynamo_runtime::testing::LocalEngine;
//!
//! let engine = LocalEngine::in_memory().await?;
//! engine.faults().lose_response("PutItem");
//!
//! let url = format!("https://{}:{}", engine.host(), engine.port());
//! assert!(url.starts_with("https://localhost:"));
//! assert!(engine.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
//! # Ok(()) })
//! # }
//! ```
//!
//! The engine links `SQLite` (`links = "sqlite3"`): a program that links another version of it
//! cannot turn the feature `local` on.

mod batch;
mod certificate;
mod client;
mod engine;
mod error;
mod faults;
mod front;
mod observed;
mod response;
mod signature;
mod streams;
mod tables;
mod tasks;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_credential_types::Credentials;
use dynoxide::Database;

use certificate::Identity;
use engine::Engine;
use front::Front;
use tasks::Tasks;

pub use client::LocalBuilder;
pub use error::LocalEngineError;
pub use faults::{Faults, Pause, Released};
pub use observed::ObservedRequest;
pub use tables::Tables;

/// A running engine with its own certificate authority and its own credentials.
///
/// A clone is another handle to the same engine. When the last one is dropped the engine stops:
/// it closes its ports and its connections. It also stops with the Tokio runtime that started it,
/// so each `#[tokio::test]` starts its own.
///
/// It is a tool for tests and local work and no server: TLS and signatures guard [`port`], but
/// the engine behind them has a plaintext port of its own on loopback, which other processes of
/// this machine can reach.
///
/// [`port`]: LocalEngine::port
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::testing::{LocalEngine, Tables};
/// use dynamo_runtime::{Endpoint, Trust};
///
/// # #[derive(Entity, Clone, Debug, Default, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User {
/// #     #[dynamo(partition_key)]
/// #     user_id: String,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = LocalEngine::in_memory().await?;
/// let client = SecureClient::builder() // as `SecureClient::local().engine(&engine)` makes it
///     .region(Region::US_EAST_1)
///     .credentials(Credentials::fixed(engine.access_key_id(), engine.secret_access_key(), None))
///     .endpoint(Endpoint::compatible(engine.host(), engine.port())?)
///     .trust(Trust::private_ca(engine.ca_pem())?)
///     .build()
///     .await?;
/// Tables::new().table::<User>().create(&client).await?;
///
/// engine.forget_requests();
/// engine.faults().fail("GetItem", 400, "ValidationException");
/// assert!(User::get(User::key("u1")).send(&client).await.is_err());
/// assert_eq!(engine.requests().len(), 1);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct LocalEngine {
    running: Arc<Running>,
}

struct Running {
    port: u16,
    ca_pem: String,
    front: Arc<Front>,
    tasks: Arc<Tasks>,
    runtime: tokio::runtime::Handle,
}

impl LocalEngine {
    /// Starts an engine whose data ends with it.
    ///
    /// # Errors
    ///
    /// When there is no Tokio runtime, or no port, certificate or database can be had.
    pub async fn in_memory() -> Result<Self, LocalEngineError> {
        Self::start(|| Database::memory().map_err(LocalEngineError::database)).await
    }

    /// Starts an engine whose data stays in the `SQLite` file at `path`, made where it is absent.
    ///
    /// One engine at a time may have the file open.
    ///
    /// ```
    /// use dynamo_runtime::testing::LocalEngine;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("dynamo-in-file-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let path = folder.join("orders.sqlite");
    /// let engine = LocalEngine::in_file(&path).await?;
    /// assert!(path.exists());
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`in_memory`](Self::in_memory); also when the path is not UTF-8, or the file is not a
    /// database of this engine.
    pub async fn in_file(path: impl AsRef<Path>) -> Result<Self, LocalEngineError> {
        let path = path.as_ref().to_owned();
        Self::start(move || engine::open_file(&path)).await
    }

    async fn start(
        open: impl FnOnce() -> Result<Database, LocalEngineError> + Send + 'static,
    ) -> Result<Self, LocalEngineError> {
        let runtime =
            tokio::runtime::Handle::try_current().map_err(LocalEngineError::no_runtime)?;
        // Opening may wait for a file lock, so it must not hold up a worker thread.
        let database = runtime.spawn_blocking(open).await.map_err(LocalEngineError::task)??;

        let identity = Identity::for_this_run()?;
        let tasks = Arc::new(Tasks::default());
        let front = Arc::new(Front {
            credentials: random_credentials()?,
            engine: Engine::start(database)?,
            faults: Faults::default(),
            observed: observed::Log::default(),
        });
        let port = front::listen(Arc::clone(&front), &tasks, identity.server_config).await?;

        Ok(Self {
            running: Arc::new(Running { port, ca_pem: identity.ca_pem, front, tasks, runtime }),
        })
    }

    /// The port on loopback that serves HTTPS.
    pub fn port(&self) -> u16 {
        self.running.port
    }

    /// The name that the certificate is for: `localhost`.
    pub fn host(&self) -> &'static str {
        certificate::HOST
    }

    /// The certificate, in PEM, of the authority made for this run: the one root to trust.
    ///
    /// Its key signed one certificate, for [`host`](Self::host), and was discarded.
    pub fn ca_pem(&self) -> &str {
        &self.running.ca_pem
    }

    /// The one access key id that the engine knows, random for each run.
    pub fn access_key_id(&self) -> &str {
        self.running.front.credentials.access_key_id()
    }

    /// The secret of [`access_key_id`](Self::access_key_id), random for each run.
    pub fn secret_access_key(&self) -> &str {
        self.running.front.credentials.secret_access_key()
    }

    /// The faults that the next requests run into.
    pub fn faults(&self) -> &Faults {
        &self.running.front.faults
    }

    /// Deletes the items that have expired in tables with time to live, and says how many.
    ///
    /// The service does so by itself within days; this engine does so only here.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// let past = Timestamp::now() - Duration::from_secs(60);
    /// Order::update(order(1)).set(Order::EXPIRES_AT, past).if_exists().send(&client).await?;
    /// assert_eq!(engine.sweep_expired().await?, 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// When the database fails, or the runtime that started the engine has ended.
    pub async fn sweep_expired(&self) -> Result<usize, LocalEngineError> {
        let database = self.running.front.engine.database();
        self.running
            .runtime
            .spawn_blocking(move || database.sweep_ttl())
            .await
            .map_err(LocalEngineError::task)?
            .map_err(LocalEngineError::database)
    }

    /// The requests that arrived whole, those refused among them, the oldest first.
    ///
    /// Only the latest 4,096 are kept, and only as many as have bodies of 32 MB together.
    pub fn requests(&self) -> Vec<ObservedRequest> {
        self.running.front.observed.requests()
    }

    /// Forgets the requests seen so far, so that a test can count from here.
    pub fn forget_requests(&self) {
        self.running.front.observed.forget();
    }
}

impl fmt::Debug for LocalEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalEngine").field("port", &self.running.port).finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.stop();
    }
}

fn random_credentials() -> Result<Credentials, LocalEngineError> {
    Ok(Credentials::new(
        format!("LOCAL{}", random_hex::<8>()?.to_uppercase()),
        random_hex::<20>()?,
        None,
        None,
        "LocalEngine",
    ))
}

fn random_hex<const BYTES: usize>() -> Result<String, LocalEngineError> {
    let mut bytes = [0; BYTES];
    rustls::crypto::aws_lc_rs::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| LocalEngineError::no_randomness())?;
    Ok(bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect())
}
