//! Makes the tables that entities describe.

use std::time::Duration;

use super::difference::{Difference, Drift, Severity, Unknown};
use super::error::TableError;
use super::live::{self, Known, Live};
use super::request::send;
use super::schema::{Schema, Table};
use super::step::PlanStep;
use super::verify::{of_expiry, of_shape};
use super::wait::{Progress, Told, tell, until_active};
use crate::client::SecureClient;

/// How long a new table is waited for.
const LIMIT: Duration = Duration::from_mins(10);

impl Schema {
    /// Makes the tables that are not there, on demand and protected against deletion, and waits
    /// until each of them and each of its indexes can be used. Only then it turns their expiry on,
    /// which DynamoDB refuses before.
    ///
    /// It is idempotent, and goes on from where an earlier call ended: a table that is there is left
    /// as it is, but that its expiry is turned on where it is off. What else it lacks is a
    /// [`plan`](Self::plan).
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = SecureClient::local().build().await?;
    /// let schema = Schema::of::<User>()?;
    /// assert_eq!(schema.create(&client).await?, ["users"]);
    /// assert!(schema.create(&client).await?.is_empty()); // it is there
    /// assert_eq!(User::get(User::key("ann")).send(&client).await?, None);
    /// # Ok(()) }
    /// ```
    ///
    /// The names of the tables that were made are the result.
    ///
    /// # Errors
    /// A table that is there has other keys, a call failed, or a table was not ready after ten
    /// minutes.
    pub async fn create(&self, client: &SecureClient) -> Result<Vec<String>, TableError> {
        self.create_with(client, |_| {}).await
    }

    /// As [`create`](Self::create), and tells what it does: for a line on a terminal.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = SecureClient::local().build().await?;
    /// let mut lines = Vec::new();
    /// Schema::of::<User>()?.create_with(&client, |line| lines.push(line.doing)).await?;
    /// assert_eq!(lines, ["create the table `users`"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn create_with(
        &self,
        client: &SecureClient,
        mut told: impl FnMut(Progress) + Send,
    ) -> Result<Vec<String>, TableError> {
        let tables = self.of_client(client)?;
        create(client, &tables, LIMIT, &mut told).await
    }
}

/// Makes those of the tables that are not there, and completes all. The result is the names of
/// those that were made.
pub(crate) async fn create(
    client: &SecureClient,
    tables: &[Table],
    limit: Duration,
    told: Told<'_>,
) -> Result<Vec<String>, TableError> {
    let mut made = Vec::new();
    for table in tables {
        if begin(client, table, told).await? {
            made.push(table.name().to_owned());
        }
    }
    for table in tables {
        complete(client, table, limit, told).await?;
    }
    Ok(made)
}

/// Has the table made, unless it is there; then it must have the same keys.
async fn begin(client: &SecureClient, table: &Table, told: Told<'_>) -> Result<bool, TableError> {
    let name = table.name();
    let Some((api, request)) = PlanStep::CreateTable.request(table, "") else { return Ok(false) };
    match send(client, name, api, &request).await {
        Ok(_) => {
            tell(told, name, PlanStep::CreateTable.told(table));
            Ok(true)
        }
        Err(error) if error.has_code("ResourceInUseException") => {
            let Some(live) = Live::read(client, name).await? else { return Err(error) };
            let is_another = |drift: &Drift| match drift {
                // It is waited for.
                Drift::NotActive { .. } | Drift::IndexNotActive { .. } => false,
                drift => Difference::new(name, drift.clone()).severity() == Severity::Breaks,
            };
            let drifts = of_shape(table, &live).into_iter().filter(is_another);
            let another: Vec<_> = drifts.map(|drift| Difference::new(name, drift)).collect();
            if another.is_empty() { Ok(false) } else { Err(TableError::different(another)) }
        }
        Err(error) => Err(error),
    }
}

/// Waits until the table can be used, and gives it what DynamoDB takes only then.
async fn complete(
    client: &SecureClient,
    table: &Table,
    limit: Duration,
    told: Told<'_>,
) -> Result<(), TableError> {
    let live = until_active(client, table.name(), limit, told).await?;
    if let Some(wants) = table.settings().recovery_days {
        let known = live::recovery(client, table.name()).await?;
        // An engine that knows no backups keeps none.
        let is_known = !matches!(known, Known::Not(Unknown::NoOperation(_)));
        if is_known && known.get() != Some(&Some(wants.into())) {
            perform(client, table, &live, &PlanStep::KeepBackups, told).await?;
        }
    }
    match table.expiry() {
        Some(_) => turn_expiry_on(client, table, &live, told).await,
        None => Ok(()),
    }
}

/// Does one step to a table that is there.
pub(super) async fn perform(
    client: &SecureClient,
    table: &Table,
    live: &Live,
    step: &PlanStep,
    told: Told<'_>,
) -> Result<(), TableError> {
    let Some((api, request)) = step.request(table, live.text("/TableArn")) else { return Ok(()) };
    let mut pause = Duration::from_millis(100);
    loop {
        tell(told, table.name(), step.told(table));
        match send(client, table.name(), api, &request).await {
            // Backups of a new table are not available at once.
            Err(error)
                if error.has_code("ContinuousBackupsUnavailableException")
                    && pause < Duration::from_mins(1) =>
            {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            result => return result.map(|_| ()),
        }
    }
}

/// Has the items of the table, which is active, expire.
///
/// To turn it on where it is on is an error of the service, so it is asked first. An engine that
/// knows no time to live keeps what has expired, which reads leave out all the same.
pub(super) async fn turn_expiry_on(
    client: &SecureClient,
    table: &Table,
    live: &Live,
    told: Told<'_>,
) -> Result<(), TableError> {
    if is_expiry_on(client, table).await? {
        return Ok(());
    }
    match perform(client, table, live, &PlanStep::EnableExpiry, told).await {
        // Another may have turned it on meanwhile.
        Err(error) if error.has_code("ValidationException") => {
            if is_expiry_on(client, table).await? { Ok(()) } else { Err(error) }
        }
        Err(error) if error.has_code("UnknownOperationException") => Ok(()),
        result => result,
    }
}

async fn is_expiry_on(client: &SecureClient, table: &Table) -> Result<bool, TableError> {
    let known = match live::expiry(client, table.name()).await? {
        // Who may turn it on and not look turns it on.
        Known::Not(Unknown::Denied(_)) => return Ok(false),
        Known::Not(Unknown::NoOperation(_)) => return Ok(true),
        known => known,
    };
    match of_expiry(table, &known) {
        None => Ok(true),
        Some(Drift::Expiry { has: None, .. }) => Ok(false),
        Some(drift) => Err(TableError::different(vec![Difference::new(table.name(), drift)])),
    }
}
