//! What DynamoDB has counted of a table.

use std::time::Duration;

use super::error::TableError;
use super::live::{Live, LiveIndex};
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::value::Timestamp;

/// A table as DynamoDB describes it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TableDescription {
    /// Its physical name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its status, such as `ACTIVE`.
    pub status: String,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Its items, expired ones too. DynamoDB counts them about every six hours: a new table shows 0.
    ///
    /// Source: [TableDescription](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html).
    pub items: Option<u64>,
    /// Its size in bytes, counted as often.
    pub bytes: Option<u64>,
    /// Whether it is protected against deletion.
    pub is_protected: bool,
    /// Its secondary indexes.
    pub indexes: Vec<IndexDescription>,
    /// The regions of its replicas.
    pub replicas: Vec<String>,
}

/// A secondary index as DynamoDB describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexDescription {
    /// Its name.
    pub name: String,
    /// Its status; `ACTIVE` of a local one.
    pub status: String,
    /// Its items, counted as those of the table.
    pub items: Option<u64>,
    /// Its size in bytes, counted as that of the table.
    pub bytes: Option<u64>,
}

impl SecureClient {
    /// What DynamoDB has counted of the entity's table: as old as its counts are, some hours.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = SecureClient::local().table::<User>().build().await?;
    /// let table = client.describe::<User>().await?.ok_or("no table")?;
    /// assert_eq!((table.name.as_str(), table.status.as_str()), ("users", "ACTIVE"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The call failed. `None` is that there is no such table.
    pub async fn describe<E: Entity>(&self) -> Result<Option<TableDescription>, TableError> {
        let live = Live::read(self, self.physical_table(E::SCHEMA.table)).await?;
        Ok(live.as_ref().map(description))
    }
}

fn description(live: &Live) -> TableDescription {
    let seconds = live.at("/CreationDateTime").as_f64();
    let created_at = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let region = |replica: &serde_json::Value| {
        replica.get("RegionName").and_then(serde_json::Value::as_str).map(str::to_owned)
    };
    TableDescription {
        name: live.text("/TableName").to_owned(),
        arn: live.text("/TableArn").to_owned(),
        status: live.status().to_owned(),
        created_at: created_at.map(|since_epoch| Timestamp::EPOCH + since_epoch),
        items: live.number("/ItemCount"),
        bytes: live.number("/TableSizeBytes"),
        is_protected: live.at("/DeletionProtectionEnabled").as_bool() == Some(true),
        indexes: live.indexes().iter().map(index).collect(),
        replicas: live.replicas().iter().filter_map(region).collect(),
    }
}

fn index(live: &LiveIndex<'_>) -> IndexDescription {
    let status = if live.is_global { live.status() } else { "ACTIVE" };
    IndexDescription {
        name: live.name().to_owned(),
        status: status.to_owned(),
        items: live.number("ItemCount"),
        bytes: live.number("IndexSizeBytes"),
    }
}
