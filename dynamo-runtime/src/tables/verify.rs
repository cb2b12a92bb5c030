//! Whether live tables are what their entities describe.

use super::difference::{Difference, Drift, Severity, Unknown};
use super::error::TableError;
use super::live::{self, Known, Live, LiveIndex, LiveKey};
use super::schema::{IndexProjection, Schema, Table, TableIndex, TableKey};
use super::settings::Encryption;
use crate::client::SecureClient;
use crate::entity::Entities;

mod vectors;

/// Tables that can be used by their entities, and what else was seen of them.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{Drift, Unknown};
/// use dynamo_runtime::testing::LocalEngine;
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = LocalEngine::in_memory().await?;
/// let client = SecureClient::local().engine(&engine).table::<User>().build().await?;
/// engine.faults().fail("DescribeTimeToLive", 400, "AccessDeniedException");
///
/// let verified = client.verify::<User>().await?; // all that it may see is well
/// let unknown: Vec<_> = verified.unknown().map(|each| each.drift()).collect();
/// let because = Unknown::Denied("dynamodb:DescribeTimeToLive");
/// assert_eq!(unknown, [&Drift::CannotTell { what: "expiry", because }]);
/// assert_eq!(verified.remarks().len(), 1); // nothing else
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    remarks: Vec<Difference>,
}

impl Verified {
    /// What is harmless, and what could not be told.
    pub fn remarks(&self) -> &[Difference] {
        &self.remarks
    }

    /// What could not be told, and by which permission it could.
    pub fn unknown(&self) -> impl Iterator<Item = &Difference> {
        self.remarks.iter().filter(|remark| remark.severity() == Severity::Unknown)
    }
}

impl SecureClient {
    /// Checks that the tables of the entities are there and are what the entities describe: keys
    /// with their types, indexes with what they hold, and expiry.
    ///
    /// It is one line at a program's start, and reads two descriptions for each table. What a
    /// caller may not ask is no error: it is in the [`Verified::unknown`] of the result.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = SecureClient::local().table::<User>().build().await?;
    /// let verified = client.verify::<User>().await?;
    /// assert_eq!(verified.remarks(), []);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A table is not there or differs in what breaks an operation, the entities contradict each
    /// other, or a call failed, as where `dynamodb:DescribeTable` is not allowed.
    pub async fn verify<E: Entities>(&self) -> Result<Verified, TableError> {
        Schema::of::<E>()?.verify(self).await
    }
}

impl Schema {
    /// As [`SecureClient::verify`], and that the tables have the settings that were given.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{Drift, Schema, TableSettings};
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = SecureClient::local().table::<User>().build().await?;
    /// let schema = Schema::of::<User>()?.settings::<User>(TableSettings::new());
    /// let error = schema.verify(&client).await.unwrap_err();
    /// assert_eq!(error.differences()[0].drift(), &Drift::Unprotected);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`SecureClient::verify`], and where a setting differs.
    pub async fn verify(&self, client: &SecureClient) -> Result<Verified, TableError> {
        let all = self.differences(client).await?;
        let is_error = |each: &Difference| each.severity() >= Severity::Drifted;
        if all.iter().any(is_error) {
            return Err(TableError::different(all.into_iter().filter(is_error).collect()));
        }
        Ok(Verified { remarks: all })
    }

    /// All that differs, what is harmless and what cannot be told as well.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{Schema, Severity};
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = SecureClient::local().build().await?;
    /// let differences = Schema::of::<User>()?.differences(&client).await?;
    /// assert_eq!(differences[0].severity(), Severity::Breaks);
    /// assert!(differences[0].breaks().contains("ResourceNotFoundException"));
    /// assert!(differences[0].mend().contains("schema.create(&client)"));
    /// assert_eq!(differences[0].table(), "users");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The entities contradict each other, or a call failed.
    pub async fn differences(&self, client: &SecureClient) -> Result<Vec<Difference>, TableError> {
        let mut all = Vec::new();
        for table in self.of_client(client)? {
            match Live::read(client, table.name()).await? {
                None => all.push(Difference::new(table.name(), Drift::NoTable)),
                Some(live) => all.extend(differences(client, &table, &live).await?),
            }
        }
        Ok(all)
    }
}

/// All that differs between a table that is there and what is described.
pub(super) async fn differences(
    client: &SecureClient,
    table: &Table,
    live: &Live,
) -> Result<Vec<Difference>, TableError> {
    let mut drifts = of_shape(table, live);
    drifts.extend(of_expiry(table, &live::expiry(client, table.name()).await?));
    if table.has_settings() {
        drifts.extend(of_settings(table, live));
        drifts.extend(of_asked_settings(client, table, live).await?);
    }
    drifts.extend(of_replicas(live));
    Ok(drifts.into_iter().map(|drift| Difference::new(table.name(), drift)).collect())
}

/// The keys, the indexes and whether they can be used: what one description tells.
pub(super) fn of_shape(table: &Table, live: &Live) -> Vec<Drift> {
    let mut drifts = Vec::new();
    if !matches!(live.status(), "ACTIVE" | "UPDATING" | "") {
        drifts.push(Drift::NotActive { status: live.status().to_owned() });
    }
    drifts.extend(of_keys(table, live));
    let indexes = live.indexes();
    for index in table.indexes() {
        drifts.extend(of_index(table, index, &indexes));
    }
    for index in &indexes {
        if table.indexes().iter().all(|known| known.name != index.name()) {
            drifts.push(Drift::OtherIndex { index: index.name().to_owned() });
        }
    }
    drifts.extend(vectors::of_vector_indexes(table, live));
    if live.text("/BillingModeSummary/BillingMode") == "PROVISIONED"
        || live.number("/ProvisionedThroughput/ReadCapacityUnits").is_some_and(|units| units > 0)
    {
        drifts.push(Drift::Provisioned);
    }
    drifts
}

/// Whether it is another table: its keys, and those of the indexes that are there.
pub(super) fn of_keys(table: &Table, live: &Live) -> Option<Drift> {
    let wanted = wanted(&[table.partition_key()], table.sort_key().as_slice());
    let has = live.keys();
    if are_same(&has, &wanted) {
        return None;
    }
    let entity = table.entities().first()?.name;
    Some(Drift::PrimaryKey { entity, has: told(&has), wants: told(&wanted) })
}

fn of_index(table: &Table, index: &TableIndex, indexes: &[LiveIndex<'_>]) -> Vec<Drift> {
    let name = index.name;
    let entity = table.entities_of(name).first().copied().unwrap_or_default();
    let Some(live) = indexes.iter().find(|live| live.name() == name) else {
        return vec![Drift::NoIndex { entity, index: name }];
    };
    let mut drifts = Vec::new();
    let (has, wanted) = (live.keys(), wanted(&index.partition_keys, &index.sort_keys));
    if !are_same(&has, &wanted) {
        let (has, wants) = (told(&has), told(&wanted));
        drifts.push(Drift::IndexKey { entity, index: name, has, wants });
    }
    if live.is_global != index.is_global {
        drifts.push(Drift::IndexScope { entity, index: name, is_global: live.is_global });
    }
    if !live.is_active() {
        drifts.push(Drift::IndexNotActive { index: name, status: live.status().to_owned() });
    }
    drifts.extend(of_projection(table, index, live, entity));
    drifts
}

fn of_projection(
    table: &Table,
    index: &TableIndex,
    live: &LiveIndex<'_>,
    entity: &'static str,
) -> Option<Drift> {
    let has = live.projected();
    let name = index.name;
    let lacks = match (&index.projection, &has) {
        (IndexProjection::All, None) => return None,
        (IndexProjection::All, Some(_)) => vec!["all other attributes".to_owned()],
        (_, None) => return Some(Drift::WiderProjection { index: name }),
        (IndexProjection::KeysOnly, Some(_)) => Vec::new(),
        (IndexProjection::Include(wanted), Some(has)) => {
            let is_key = |name: &str| table.defined_attributes().iter().any(|key| key.name == name);
            let lacks = wanted.iter().filter(|name| !has.contains(name) && !is_key(name));
            lacks.map(|name| (*name).to_owned()).collect()
        }
    };
    if !lacks.is_empty() {
        return Some(Drift::Projection { entity, index: name, lacks });
    }
    let wanted = match &index.projection {
        IndexProjection::Include(wanted) => wanted.len(),
        _ => 0,
    };
    let is_wider = has.is_some_and(|has| has.len() > wanted);
    is_wider.then_some(Drift::WiderProjection { index: name })
}

pub(super) fn of_expiry(table: &Table, live: &Known<Option<String>>) -> Option<Drift> {
    match (table.expiry(), live) {
        (Some(wants), Known::Is(Some(has))) if has == wants => None,
        (Some(wants), Known::Is(has)) => Some(Drift::Expiry { has: has.clone(), wants }),
        (None, Known::Is(None)) => None,
        (None, Known::Is(Some(has))) => Some(Drift::OtherExpiry { has: has.clone() }),
        (_, Known::Not(because)) => Some(Drift::CannotTell { what: "expiry", because: *because }),
    }
}

/// What the one description tells of the settings.
fn of_settings(table: &Table, live: &Live) -> Vec<Drift> {
    let settings = table.settings();
    let mut drifts = Vec::new();
    if !settings.is_unprotected && live.at("/DeletionProtectionEnabled").as_bool() != Some(true) {
        drifts.push(Drift::Unprotected);
    }
    if let Some(view) = settings.stream
        && live.stream() != Some(view.name())
    {
        let has = live.stream().map(str::to_owned);
        drifts.push(Drift::Stream { has, wants: view.name() });
    }
    if let Some(encryption) = &settings.encryption
        && !is_encrypted_by(live, encryption)
    {
        let (has, wants) = (encryption_of(live), encryption.to_string());
        drifts.push(Drift::Encryption { has, wants });
    }
    if let Some(class) = settings.class {
        let has = live.text("/TableClassSummary/TableClass");
        let has = if has.is_empty() { "STANDARD" } else { has };
        if has != class.name() {
            drifts.push(Drift::Class { has: has.to_owned(), wants: class.name() });
        }
    }
    let pair = |reads, writes| Some((live.number(reads)?, live.number(writes)?));
    if let Some(wants) = settings.max_throughput {
        let has = pair(
            "/OnDemandThroughput/MaxReadRequestUnits",
            "/OnDemandThroughput/MaxWriteRequestUnits",
        );
        let wants = (wants.reads, wants.writes);
        if has != Some(wants) {
            drifts.push(Drift::MaxThroughput { has, wants });
        }
    }
    if let Some(wants) = settings.warm_throughput {
        let has = pair("/WarmThroughput/ReadUnitsPerSecond", "/WarmThroughput/WriteUnitsPerSecond");
        let wants = (wants.reads, wants.writes);
        // It grows by itself.
        if has.is_none_or(|has| has.0 < wants.0 || has.1 < wants.1) {
            drifts.push(Drift::WarmThroughput { has, wants });
        }
    }
    drifts
}

/// What is asked for by requests of its own, each only where it was set.
async fn of_asked_settings(
    client: &SecureClient,
    table: &Table,
    live: &Live,
) -> Result<Vec<Drift>, TableError> {
    let (name, settings) = (table.name(), table.settings());
    let arn = live.text("/TableArn");
    let mut drifts = Vec::new();
    let cannot_tell =
        |what, because: Option<Unknown>| because.map(|because| Drift::CannotTell { what, because });
    if let Some(wants) = settings.recovery_days {
        let known = live::recovery(client, name).await?;
        match known.get() {
            Some(has) if has.is_some_and(|days| days == u64::from(wants)) => {}
            Some(has) => drifts.push(Drift::Recovery { has: *has, wants }),
            None => drifts.extend(cannot_tell("backups", known.unknown())),
        }
    }
    if !settings.tags.is_empty() {
        let known = live::tags(client, name, arn).await?;
        drifts.extend(cannot_tell("tags", known.unknown()));
        for (key, wants) in known.get().map(|_| &settings.tags).into_iter().flatten() {
            let all = known.get().into_iter().flatten();
            let has = all.into_iter().find(|(known, _)| known == key).map(|(_, value)| value);
            if has != Some(wants) {
                let (key, wants) = (key.clone(), wants.clone());
                drifts.push(Drift::Tag { key, has: has.cloned(), wants });
            }
        }
    }
    if let Some(wants) = &settings.resource_policy {
        let known = live::policy(client, name, arn).await?;
        drifts.extend(cannot_tell("resource policy", known.unknown()));
        if let Some(has) = known.get()
            && !has.as_deref().is_some_and(|has| is_same_json(has, wants))
        {
            drifts.push(Drift::Policy);
        }
    }
    Ok(drifts)
}

fn is_same_json(one: &str, other: &str) -> bool {
    let read = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    one == other || (read(one).is_some() && read(one) == read(other))
}

/// Whether KMS encrypts it, by the key where one is named. What key an alias stands for is not
/// asked, so that any passes for it.
fn is_encrypted_by(live: &Live, encryption: &Encryption) -> bool {
    if live.text("/SSEDescription/SSEType") != "KMS" {
        return false;
    }
    match encryption {
        Encryption::AwsManaged => true,
        Encryption::CustomerManaged(key) if key.contains("alias/") => true,
        Encryption::CustomerManaged(key) => {
            let arn = live.text("/SSEDescription/KMSMasterKeyArn");
            arn == key || arn.rsplit('/').next() == Some(key)
        }
    }
}

fn encryption_of(live: &Live) -> String {
    match live.text("/SSEDescription/KMSMasterKeyArn") {
        "" => "DynamoDB's own key".into(),
        arn => format!("`{arn}`"),
    }
}

impl std::fmt::Display for Encryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AwsManaged => f.write_str("the account's key for DynamoDB"),
            Self::CustomerManaged(key) => write!(f, "`{key}`"),
        }
    }
}

fn of_replicas(live: &Live) -> Vec<Drift> {
    let text = |replica: &serde_json::Value, member| {
        replica.get(member).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let mut drifts = Vec::new();
    for replica in live.replicas() {
        let (region, status) = (text(replica, "RegionName"), text(replica, "ReplicaStatus"));
        if status != "ACTIVE" {
            drifts.push(Drift::Replica { region, status });
        }
    }
    if live.text("/MultiRegionConsistency") == "STRONG" {
        drifts.push(Drift::NoTransactions);
    }
    drifts
}

fn wanted(partition_keys: &[TableKey], sort_keys: &[TableKey]) -> Vec<LiveKey> {
    let partition_keys = partition_keys.iter().map(|key| (key, true));
    let sort_keys = sort_keys.iter().map(|key| (key, false));
    let described = |(key, is_partition_key): (&TableKey, bool)| LiveKey {
        name: key.name.to_owned(),
        code: key.code.to_owned(),
        is_partition_key,
    };
    partition_keys.chain(sort_keys).map(described).collect()
}

/// Those of a kind are in their order; which kind comes first does not matter.
fn are_same(has: &[LiveKey], wanted: &[LiveKey]) -> bool {
    let of = |keys: &[LiveKey], is_partition_key| {
        let keys = keys.iter().filter(|key| key.is_partition_key == is_partition_key);
        keys.cloned().collect::<Vec<_>>()
    };
    [true, false].iter().all(|kind| of(has, *kind) == of(wanted, *kind))
}

/// As `partition key `id` (S), sort key `at` (N)`.
fn told(keys: &[LiveKey]) -> String {
    let told = keys.iter().map(|LiveKey { name, code, is_partition_key }| {
        let role = if *is_partition_key { "partition key" } else { "sort key" };
        format!("{role} `{name}` ({code})")
    });
    told.collect::<Vec<_>>().join(", ")
}
