//! What DynamoDB has counted of a table.

use std::time::Duration;

use super::error::TableError;
use super::live::{Live, LiveIndex, LiveKey};
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
    /// The attribute that is its partition key.
    pub partition_key: Vec<String>,
    /// The attribute that is its sort key, if it has one.
    pub sort_key: Vec<String>,
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
    /// Whether it is a global one.
    pub is_global: bool,
    /// The attributes that are its partition key: one, or up to four.
    pub partition_key: Vec<String>,
    /// The attributes that are its sort key: none, one, or up to four.
    pub sort_key: Vec<String>,
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
    /// assert_eq!((&table.partition_key[..], table.sort_key.len()), (&["user_id".to_owned()][..], 0));
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
    let (partition_key, sort_key) = keys(live.keys());
    TableDescription {
        partition_key,
        sort_key,
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
    let (partition_key, sort_key) = keys(live.keys());
    IndexDescription {
        is_global: live.is_global,
        partition_key,
        sort_key,
        name: live.name().to_owned(),
        status: status.to_owned(),
        items: live.number("ItemCount"),
        bytes: live.number("IndexSizeBytes"),
    }
}

/// The attributes of the partition key, and those of the sort key.
fn keys(keys: Vec<LiveKey>) -> (Vec<String>, Vec<String>) {
    let (partition, sort): (Vec<_>, Vec<_>) =
        keys.into_iter().partition(|key| key.is_partition_key);
    let names = |keys: Vec<LiveKey>| keys.into_iter().map(|key| key.name).collect();
    (names(partition), names(sort))
}
