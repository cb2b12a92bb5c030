//! The tables of entities, as their derives describe them.

use std::path::Path;
use std::time::Duration;

use super::LocalEngineError;
use crate::client::SecureClient;
use crate::entity::{Descriptions, Entity};
use crate::load::{Load, LoadError};
use crate::tables::{Contradiction, Schema, StreamView, TableError, TableSettings, create};

/// How long a new table is waited for.
const LIMIT: Duration = Duration::from_secs(30);

/// The tables of entities, to be made in an engine that is no [`LocalEngine`](super::LocalEngine):
/// a second opinion for a program's tests. They are not protected against deletion; a table to keep
/// is made by [`Schema::create`].
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::testing::Tables;
/// use dynamo_runtime::{Endpoint, Trust};
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let engine = dynamo_runtime::testing::LocalEngine::in_memory().await?;
/// # let (id, secret) = (engine.access_key_id(), engine.secret_access_key());
/// # let (port, pem) = (engine.port(), engine.ca_pem());
/// let client = SecureClient::builder()
///     .region(Region::US_EAST_1)
///     .credentials(Credentials::fixed(id, secret, None))
///     .endpoint(Endpoint::compatible("localhost", port)?)
///     .trust(Trust::private_ca(pem)?)
///     .build()
///     .await?;
/// Tables::new().table::<User>().create(&client).await?;
/// assert_eq!(User::get(User::key("ann")).send(&client).await?, None);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is made before `.create(..)`"]
pub struct Tables {
    entities: Descriptions,
}

impl Tables {
    /// No tables yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also the table of this entity. Entities of one table share it, if their items cannot be taken
    /// for each other: else no table is made.
    pub fn table<E: Entity>(mut self) -> Self {
        E::describe(&mut self.entities);
        self
    }

    /// Makes those that are not there, waits until they and their indexes can be used, and has the
    /// items of those with a time of expiry expire.
    ///
    /// A table that is there is left as it is, but that its expiry is turned on where it is off.
    ///
    /// An engine that knows no time to live keeps expired items; reads leave them out all the same.
    ///
    /// # Errors
    /// A table could not be made, did not become active within half a minute, or has items that
    /// expire by another attribute.
    pub async fn create(&self, client: &SecureClient) -> Result<(), LocalEngineError> {
        self.create_with(client, false).await
    }

    /// Puts the items of a file into them.
    pub(super) async fn seed(
        &self,
        file: &Path,
        client: &SecureClient,
    ) -> Result<(), LocalEngineError> {
        Load::seed(file, &self.entities).send(client).await?;
        Ok(())
    }

    /// As [`create`](Self::create); those that it makes have a stream if asked for.
    pub(super) async fn create_with(
        &self,
        client: &SecureClient,
        has_streams: bool,
    ) -> Result<(), LocalEngineError> {
        let mut settings = TableSettings::new().without_deletion_protection();
        if has_streams {
            settings = settings.stream(StreamView::NewAndOldImages);
        }
        let tables = Schema::of_all(&self.entities, &settings, client)?;
        create(client, &tables, LIMIT, &mut |_| {}).await?;
        Ok(())
    }
}

impl From<LoadError> for LocalEngineError {
    fn from(error: LoadError) -> Self {
        Self::table(format!("it cannot be seeded: {error}"))
    }
}

impl From<Contradiction> for LocalEngineError {
    fn from(contradiction: Contradiction) -> Self {
        Self::table(contradiction.to_string())
    }
}

impl From<TableError> for LocalEngineError {
    fn from(error: TableError) -> Self {
        Self::table(error.to_string())
    }
}
