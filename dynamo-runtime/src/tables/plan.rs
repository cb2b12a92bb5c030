//! What can be done to live tables so that they are what their entities describe.

use std::fmt;
use std::time::Duration;

use super::create::{create, perform, turn_expiry_on};
use super::difference::{Difference, Severity};
use super::error::TableError;
use super::live::Live;
use super::schema::{Schema, Table};
use super::step::PlanStep;
use super::verify::differences;
use super::wait::{Progress, Told, until_active};
use crate::client::SecureClient;

/// How long a step is waited for: to fill an index of many items takes hours.
const LIMIT: Duration = Duration::from_hours(48);

/// What makes live tables what their entities describe: made by [`Schema::plan`].
///
/// It shows what it does, in the order in which it is done, and what it never does: nothing that
/// deletes, and nothing that needs a new table.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{Schema, PlanStep, TableSettings};
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = SecureClient::local().table::<User>().build().await?; // a test's: unprotected
/// let schema = Schema::of::<User>()?.settings::<User>(TableSettings::new());
///
/// let plan = schema.plan(&client).await?;
/// assert_eq!(plan.to_string(), "protect `users` against deletion\n");
/// assert_eq!(plan.steps().collect::<Vec<_>>(), [("users", &PlanStep::Protect)]);
/// plan.apply(&client).await?;
/// assert!(schema.plan(&client).await?.is_empty());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is done before `.apply(&client)`"]
pub struct Plan {
    tables: Vec<(Table, Vec<PlanStep>)>,
    never: Vec<Difference>,
}

impl Schema {
    /// Compares the tables with the entities, and plans what can be done. Nothing is changed.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{PlanStep, Schema};
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = SecureClient::local().build().await?; // as yet without a table
    /// let plan = Schema::of::<User>()?.plan(&client).await?;
    /// assert_eq!(plan.steps().next(), Some(("users", &PlanStep::CreateTable)));
    /// assert!(client.describe::<User>().await?.is_none());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The entities contradict each other, or a call failed.
    pub async fn plan(&self, client: &SecureClient) -> Result<Plan, TableError> {
        let mut plan = Plan { tables: Vec::new(), never: Vec::new() };
        for table in self.of_client(client)? {
            let differences = match Live::read(client, table.name()).await? {
                None => vec![Difference::new(table.name(), super::Drift::NoTable)],
                Some(live) => differences(client, &table, &live).await?,
            };
            let (steps, never) = steps(&table, differences);
            plan.tables.push((table, steps));
            plan.never.extend(never);
        }
        Ok(plan)
    }
}

/// The steps of a table in their order, and what none of them mends.
fn steps(table: &Table, differences: Vec<Difference>) -> (Vec<PlanStep>, Vec<Difference>) {
    let (mut steps, mut never) = (Vec::new(), Vec::new());
    for difference in differences {
        match PlanStep::mending(table, &difference) {
            Some(step) if !steps.contains(&step) => steps.push(step),
            None if difference.severity() > Severity::Unknown => never.push(difference),
            _ => {}
        }
    }
    steps.sort_by_key(PlanStep::order);
    (steps, never)
}

impl Plan {
    /// Each step with the physical name of its table, in the order in which they are done.
    pub fn steps(&self) -> impl Iterator<Item = (&str, &PlanStep)> {
        self.tables.iter().flat_map(|(table, steps)| steps.iter().map(|step| (table.name(), step)))
    }

    /// What no step mends: it needs a new table, or that something is deleted first.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # mod older {
    /// #     use dynamo_runtime::prelude::*;
    /// #     #[derive(Entity)]
    /// #     #[dynamo(table = "users")]
    /// #     pub struct User { #[dynamo(partition_key)] pub id: u64 }
    /// # }
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = SecureClient::local().table::<older::User>().build().await?; // by another key
    /// let plan = Schema::of::<User>()?.plan(&client).await?;
    /// assert!(plan.is_empty() && plan.never()[0].needs_new_table());
    /// # Ok(()) }
    /// ```
    pub fn never(&self) -> &[Difference] {
        &self.never
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps().next().is_none()
    }

    /// Does the steps, one at a time, each once the table and its indexes are active.
    ///
    /// A plan that was ended by an error, or by its future being dropped, goes on when it is applied
    /// again: what is done by then is not done twice, and what was not in the plan is not done.
    ///
    /// # Errors
    /// A call failed, or a table was not ready after two days. What was done before is done.
    pub async fn apply(&self, client: &SecureClient) -> Result<(), TableError> {
        self.apply_with(client, |_| {}).await
    }

    /// As [`apply`](Self::apply), and tells what it does: for a line on a terminal.
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
    /// let plan = Schema::of::<User>()?.plan(&client).await?;
    /// let mut lines = Vec::new();
    /// plan.apply_with(&client, |line| lines.push(line.doing)).await?;
    /// assert_eq!(lines, ["create the table `users`"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub async fn apply_with(
        &self,
        client: &SecureClient,
        mut told: impl FnMut(Progress) + Send,
    ) -> Result<(), TableError> {
        for (table, planned) in &self.tables {
            apply(client, table, planned, &mut told).await?;
        }
        Ok(())
    }
}

async fn apply(
    client: &SecureClient,
    table: &Table,
    planned: &[PlanStep],
    told: Told<'_>,
) -> Result<(), TableError> {
    for step in planned {
        if *step == PlanStep::CreateTable {
            create(client, std::slice::from_ref(table), LIMIT, told).await?;
            continue;
        }
        let live = until_active(client, table.name(), LIMIT, told).await?;
        let (due, _) = steps(table, differences(client, table, &live).await?);
        if !due.contains(step) {
            continue;
        }
        match step {
            PlanStep::EnableExpiry => turn_expiry_on(client, table, &live, told).await?,
            step => perform(client, table, &live, step, told).await?,
        }
        until_active(client, table.name(), LIMIT, told).await?;
    }
    Ok(())
}

/// A line for each step, then one for each thing that is never done.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (table, steps) in &self.tables {
            for step in steps {
                writeln!(f, "{}", step.told(table))?;
            }
        }
        for difference in &self.never {
            writeln!(f, "never done: {difference}")?;
        }
        Ok(())
    }
}
