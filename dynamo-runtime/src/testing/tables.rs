//! The tables of entities, as their derives describe them.

use std::time::Duration;

use super::LocalEngineError;
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::schema::Described;
use crate::table::{CreateTableError, create_table, described, finish_table};

/// How often a new table is asked whether it can be used.
const POLL: Duration = Duration::from_millis(20);
const POLLS: usize = 1_500;

/// The tables of entities, to be made in an engine that is no [`LocalEngine`](super::LocalEngine):
/// a second opinion for a program's tests. What they lack of a production table (its backups, its
/// policies, its protection against deletion) no derive knows, so nothing else makes tables.
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
    entities: Vec<Described>,
}

impl Tables {
    /// No tables yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also the table of this entity. Entities of one table share it, if their items cannot be taken
    /// for each other: else no table is made.
    pub fn table<E: Entity>(mut self) -> Self {
        self.entities.push(described::<E>());
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

    /// As [`create`](Self::create); those that it makes have a stream if asked for.
    pub(super) async fn create_with(
        &self,
        client: &SecureClient,
        has_streams: bool,
    ) -> Result<(), LocalEngineError> {
        let tables = self.by_table(client);
        for table in &tables {
            create_table(client, table, has_streams).await?;
        }
        for table in &tables {
            finish_table(client, table, POLL, POLLS).await?;
        }
        Ok(())
    }

    /// The entities of each table, in the order of their first mention.
    fn by_table(&self, client: &SecureClient) -> Vec<Vec<Described>> {
        let table = |entity: &Described| client.physical_table(entity.schema.table).to_owned();
        let mut tables: Vec<Vec<Described>> = Vec::new();
        for entity in &self.entities {
            let is_its = |known: &&mut Vec<Described>| {
                known.first().is_some_and(|first| table(first) == table(entity))
            };
            match tables.iter_mut().find(is_its) {
                Some(table) => table.push(*entity),
                None => tables.push(vec![*entity]),
            }
        }
        tables
    }
}

impl From<CreateTableError> for LocalEngineError {
    fn from(error: CreateTableError) -> Self {
        Self::table(error.to_string())
    }
}
