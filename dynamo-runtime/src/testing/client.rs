//! A secure client of the local engine, with the tables of the entities.

use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

use super::{LocalEngine, LocalEngineError, Tables};
use crate::client::{
    Audit, BuildError, Credentials, Endpoint, Region, SearchEndpoint, SecureClient, Timeouts, Trust,
};
use crate::entity::Entity;

impl SecureClient {
    /// A builder of a client of the embedded engine, which is started behind TLS in this process.
    ///
    /// It is the same client as any other: https only, a certificate that is verified, signed
    /// requests. The engine lives as long as the client.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// let client = SecureClient::local().table::<User>().build().await?;
    /// assert_eq!(User::get(User::key("u1")).send(&client).await?, None);
    /// # Ok(()) })
    /// # }
    /// ```
    pub fn local() -> LocalBuilder {
        LocalBuilder::default()
    }
}

/// A builder of a [`SecureClient`] of the embedded engine: made by [`SecureClient::local`].
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use std::time::{Duration, SystemTime};
///
/// use dynamo_runtime::testing::LocalEngine;
/// use dynamo_runtime::client::{AuditEvent, AuditLog, Timeouts};
///
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User {
/// #     #[dynamo(partition_key)]
/// #     user_id: String,
/// #     #[dynamo(created_at)]
/// #     created_at: Timestamp,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = LocalEngine::in_memory().await?;
/// let audit = AuditLog::default();
/// let client = SecureClient::local()
///     .engine(&engine)
///     .table::<User>()
///     .streams()
///     .clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(7))
///     .audit(audit.clone())
///     .timeouts(Timeouts::default().deadline(Duration::from_secs(5)))
///     .return_capacity()
///     .build()
///     .await?;
///
/// let ann = User { user_id: "ann".into(), created_at: Timestamp::EPOCH };
/// let response = User::create(ann).send_with_metadata(&client).await?;
/// assert_eq!(response.value.created_at.epoch_seconds(), 7);
/// assert!(response.capacity.is_some());
/// let opened = |event: &AuditEvent| matches!(event, AuditEvent::ConnectionOpened { .. });
/// assert!(audit.events().iter().any(opened));
/// # Ok(()) }
/// ```
#[derive(Default)]
#[must_use = "nothing is started before `.build()`"]
pub struct LocalBuilder {
    source: Storage,
    tables: Tables,
    has_streams: bool,
    clock: Option<Box<dyn Fn() -> SystemTime + Send + Sync>>,
    audit: Option<Box<dyn Audit>>,
    returns_capacity: bool,
    timeouts: Timeouts,
    seeds: Vec<PathBuf>,
}

/// Where the data is.
#[derive(Default)]
enum Storage {
    #[default]
    Memory,
    File(PathBuf),
    Engine(LocalEngine),
}

impl LocalBuilder {
    /// Makes the table of the entity, unless it is there. Entities of one table share it.
    pub fn table<E: Entity>(mut self) -> Self {
        self.tables = self.tables.table::<E>();
        self
    }

    /// Gives the tables that it makes a stream of all changes, with the item before and after:
    /// [`LocalEngine::stream_records`] reads it.
    pub fn streams(mut self) -> Self {
        self.has_streams = true;
        self
    }

    /// Keeps the data in a file; in memory by default. It takes the place of an engine given before.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("dynamo-file-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let path = folder.join("orders.sqlite");
    /// let client = SecureClient::local().file(&path).build().await?;
    /// assert!(path.exists());
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(()) }
    /// ```
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.source = Storage::File(path.into());
        self
    }

    /// Uses an engine that is there, as for its faults; else one is started. It takes the place of a
    /// file given before.
    pub fn engine(mut self, engine: &LocalEngine) -> Self {
        self.source = Storage::Engine(engine.clone());
        self
    }

    /// Puts the items of a file into the tables, as they are: a line for each, as
    /// [`Load`](crate::load::Load) reads them.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = std::env::temp_dir().join(format!("dynamo-seed-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let file = folder.join("users.jsonl");
    /// std::fs::write(&file, "{\"Item\":{\"user_id\":{\"S\":\"ann\"}}}\n")?;
    /// let client = SecureClient::local().table::<User>().seed(&file).build().await?;
    /// assert!(User::get(User::key("ann")).send(&client).await?.is_some());
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok(()) }
    /// ```
    pub fn seed(mut self, file: impl Into<PathBuf>) -> Self {
        self.seeds.push(file.into());
        self
    }

    /// What the client takes for the present in times that it writes and in expiry.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// Who is told what a security review wants to know.
    pub fn audit(mut self, sink: impl Audit + 'static) -> Self {
        self.audit = Some(Box::new(sink));
        self
    }

    /// How long the client waits, as for large requests on a slow machine.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Asks for the capacity that each request consumes, as the engine reckons it.
    pub fn return_capacity(mut self) -> Self {
        self.returns_capacity = true;
        self
    }

    /// Starts the engine, makes the tables and gives the client.
    ///
    /// # Errors
    /// The engine could not be started, or a table could not be made.
    pub async fn build(self) -> Result<SecureClient, LocalEngineError> {
        let engine = match self.source {
            Storage::Memory => LocalEngine::in_memory().await?,
            Storage::File(path) => LocalEngine::in_file(path).await?,
            Storage::Engine(engine) => engine,
        };
        let mut client = connect(&engine)?.timeouts(self.timeouts);
        if let Some(clock) = self.clock {
            client = client.clock(clock);
        }
        if let Some(audit) = self.audit {
            client = client.audit(audit);
        }
        if self.returns_capacity {
            client = client.return_capacity();
        }
        let client = client.embedded(engine).build().await?;
        self.tables.create_with(&client, self.has_streams).await?;
        for seed in &self.seeds {
            self.tables.seed(seed, &client).await?;
        }
        Ok(client)
    }
}

fn connect(
    engine: &LocalEngine,
) -> Result<crate::client::SecureClientBuilder<Region, Credentials>, BuildError> {
    Ok(SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::fixed(engine.access_key_id(), engine.secret_access_key(), None))
        .endpoint(Endpoint::compatible(engine.host(), engine.port())?)
        .search_endpoint(SearchEndpoint::same_host())
        .trust(Trust::private_ca(engine.ca_pem())?))
}

impl From<BuildError> for LocalEngineError {
    fn from(error: BuildError) -> Self {
        Self::client(error)
    }
}

impl fmt::Debug for LocalBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source: &dyn fmt::Debug = match &self.source {
            Storage::Memory => &"memory",
            Storage::File(path) => path,
            Storage::Engine(_) => &"engine",
        };
        f.debug_struct("LocalBuilder").field("source", source).finish_non_exhaustive()
    }
}
