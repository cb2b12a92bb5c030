//! One change of a table, and the request that makes it.

use std::fmt;

use serde_json::{Value, json};

use super::difference::{Difference, Drift};
use super::schema::{IndexProjection, Table, TableIndex, TableKey, TableVectorIndex};
use super::settings::{Encryption, Throughput};
use crate::client::Api;

mod vectors;

/// One change of a table: one request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanStep {
    /// Makes the table, with its indexes and its settings.
    CreateTable,
    /// Protects it against deletion.
    Protect,
    /// Has its changes recorded in a stream.
    EnableStream,
    /// Encrypts it by another key.
    Encrypt,
    /// Gives it another class.
    SetClass,
    /// Gives it another limit.
    SetMaxThroughput,
    /// Has it take more at once.
    SetWarmThroughput,
    /// Tags it.
    Tag,
    /// Gives it a policy.
    SetPolicy,
    /// Keeps backups.
    KeepBackups,
    /// Adds a global index: DynamoDB fills it from all items, one index at a time.
    AddIndex(&'static str),
    /// Adds a vector index: DynamoDB fills it from all items, one index at a time.
    AddVectorIndex(&'static str),
    /// Has its items expire.
    EnableExpiry,
}

impl PlanStep {
    /// The step that mends the difference; `None` where no step does.
    pub(super) fn mending(table: &Table, difference: &Difference) -> Option<Self> {
        Some(match difference.drift() {
            Drift::NoTable => Self::CreateTable,
            Drift::Unprotected => Self::Protect,
            // A stream of another view has to be turned off before, which its readers would notice.
            Drift::Stream { has: None, .. } => Self::EnableStream,
            Drift::Encryption { .. } => Self::Encrypt,
            Drift::Class { .. } => Self::SetClass,
            Drift::MaxThroughput { .. } => Self::SetMaxThroughput,
            Drift::WarmThroughput { .. } => Self::SetWarmThroughput,
            Drift::Tag { .. } => Self::Tag,
            Drift::Policy => Self::SetPolicy,
            Drift::Recovery { .. } => Self::KeepBackups,
            Drift::NoIndex { index, .. }
                if table.index(index).is_some_and(|known| known.is_global) =>
            {
                Self::AddIndex(index)
            }
            Drift::NoIndex { index, .. } => Self::AddVectorIndex(table.vector_index(index)?.name),
            Drift::Expiry { has: None, .. } => Self::EnableExpiry,
            _ => return None,
        })
    }

    /// In which order the steps of one table are done.
    pub(super) fn order(&self) -> usize {
        match self {
            Self::CreateTable => 0,
            Self::Protect => 1,
            Self::AddIndex(_) => 3,
            Self::AddVectorIndex(_) => 4,
            Self::EnableExpiry => 5,
            _ => 2,
        }
    }

    /// The operation, and the request of a table with this ARN; `None` where there is nothing to do.
    pub(super) fn request(&self, table: &Table, arn: &str) -> Option<(Api, Value)> {
        let name = table.name();
        let settings = table.settings();
        let update = |member: &str, value: Value| {
            let mut request = json!({ "TableName": name });
            if let Value::Object(members) = &mut request {
                members.insert(member.to_owned(), value);
            }
            Some((Api::UpdateTable, request))
        };
        match self {
            Self::CreateTable => Some((Api::CreateTable, create(table))),
            Self::Protect => update("DeletionProtectionEnabled", json!(true)),
            Self::EnableStream => update("StreamSpecification", stream(table)?),
            Self::Encrypt => update("SSESpecification", encryption(settings.encryption.as_ref()?)),
            Self::SetClass => update("TableClass", json!(settings.class?.name())),
            Self::SetMaxThroughput => update("OnDemandThroughput", most(settings.max_throughput?)),
            Self::SetWarmThroughput => update("WarmThroughput", warm(settings.warm_throughput?)),
            Self::Tag => {
                Some((Api::TagResource, json!({ "ResourceArn": arn, "Tags": tags(table)? })))
            }
            Self::SetPolicy => {
                let policy = settings.resource_policy.as_ref()?;
                let request = json!({ "ResourceArn": arn, "Policy": policy });
                Some((Api::PutResourcePolicy, request))
            }
            Self::KeepBackups => {
                let specification = json!({
                    "PointInTimeRecoveryEnabled": true,
                    "RecoveryPeriodInDays": settings.recovery_days?,
                });
                let request = json!({
                    "TableName": name,
                    "PointInTimeRecoverySpecification": specification,
                });
                Some((Api::UpdateContinuousBackups, request))
            }
            Self::AddIndex(index) => {
                let index = table.index(index)?;
                let keys: Vec<_> = index.keys().collect();
                let request = json!({
                    "TableName": name,
                    "AttributeDefinitions": definitions(&keys),
                    "GlobalSecondaryIndexUpdates": [{ "Create": index_json(index) }],
                });
                Some((Api::UpdateTable, request))
            }
            Self::AddVectorIndex(index) => {
                let index = table.vector_index(index)?;
                let updates = json!([{ "Create": vectors::vector_index(index) }]);
                let (api, mut request) = update("VectorIndexUpdates", updates)?;
                let searched: Vec<_> = index.searched().collect();
                if let (Value::Object(members), false) = (&mut request, searched.is_empty()) {
                    members.insert("AttributeDefinitions".to_owned(), definitions(&searched));
                }
                Some((api, request))
            }
            Self::EnableExpiry => {
                let specification = json!({ "AttributeName": table.expiry()?, "Enabled": true });
                let request =
                    json!({ "TableName": name, "TimeToLiveSpecification": specification });
                Some((Api::UpdateTimeToLive, request))
            }
        }
    }

    /// What it does to the table, for a person.
    pub(super) fn told(&self, table: &Table) -> String {
        let name = table.name();
        let settings = table.settings();
        match self {
            Self::CreateTable => {
                let vectors = table.vector_indexes().iter().map(|index| index.name);
                let indexes = table.indexes().iter().map(|index| index.name).chain(vectors);
                let indexes = indexes.map(|index| format!(", with the index `{index}`"));
                format!("create the table `{name}`{}", indexes.collect::<String>())
            }
            Self::Protect => format!("protect `{name}` against deletion"),
            Self::EnableStream => {
                format!("record the changes of `{name}` in a stream, {}", table.stream_view())
            }
            Self::Encrypt => match &settings.encryption {
                Some(by) => format!("encrypt `{name}` by {by}"),
                None => format!("encrypt `{name}`"),
            },
            Self::SetClass => {
                format!("make `{name}` {}", settings.class.map_or("", |class| class.name()))
            }
            Self::SetMaxThroughput => {
                format!("let `{name}` take at most {}", units(settings.max_throughput))
            }
            Self::SetWarmThroughput => {
                format!("let `{name}` take at once {}", units(settings.warm_throughput))
            }
            Self::Tag => format!("tag `{name}`"),
            Self::SetPolicy => format!("give `{name}` its resource policy"),
            Self::KeepBackups => {
                let days = settings.recovery_days.unwrap_or_default();
                format!("keep backups of `{name}` for {days} days")
            }
            Self::AddIndex(index) => {
                format!("add the index `{index}` to `{name}`, which DynamoDB fills from all items")
            }
            Self::AddVectorIndex(index) => {
                format!(
                    "add the vector index `{index}` to `{name}`, which DynamoDB fills from all items that have a vector"
                )
            }
            Self::EnableExpiry => {
                let attribute = table.expiry().unwrap_or_default();
                format!("let the items of `{name}` expire by `{attribute}`")
            }
        }
    }
}

fn units(of: Option<Throughput>) -> String {
    let Throughput { reads, writes } = of.unwrap_or(Throughput { reads: 0, writes: 0 });
    format!("{reads} read and {writes} write units per second")
}

impl Table {
    pub(super) fn index(&self, name: &str) -> Option<&TableIndex> {
        self.indexes().iter().find(|index| index.name == name)
    }

    pub(super) fn vector_index(&self, name: &str) -> Option<&TableVectorIndex> {
        self.vector_indexes().iter().find(|index| index.name == name)
    }

    fn stream_view(&self) -> &'static str {
        self.settings().stream.map_or("", |view| view.name())
    }
}

/// The request that makes the table.
fn create(table: &Table) -> Value {
    let settings = table.settings();
    let indexes = |is_global| {
        let indexes = table.indexes().iter().filter(move |index| index.is_global == is_global);
        let indexes: Vec<_> = indexes.map(index_json).collect();
        (!indexes.is_empty()).then_some(Value::Array(indexes))
    };
    let vectors: Vec<_> = table.vector_indexes().iter().map(vectors::vector_index).collect();
    // An empty list is refused.
    let vectors = (!vectors.is_empty()).then_some(Value::Array(vectors));
    let keys = (&[table.partition_key()], table.sort_key());
    let members = [
        ("TableName", Some(json!(table.name()))),
        ("BillingMode", Some(json!("PAY_PER_REQUEST"))),
        ("AttributeDefinitions", Some(definitions(&table.defined_attributes()))),
        ("KeySchema", Some(key_schema(keys.0, keys.1.as_slice()))),
        ("GlobalSecondaryIndexes", indexes(true)),
        ("LocalSecondaryIndexes", indexes(false)),
        ("VectorIndexes", vectors),
        ("DeletionProtectionEnabled", (!settings.is_unprotected).then_some(json!(true))),
        ("StreamSpecification", stream(table)),
        ("SSESpecification", settings.encryption.as_ref().map(encryption)),
        ("TableClass", settings.class.map(|class| json!(class.name()))),
        ("OnDemandThroughput", settings.max_throughput.map(most)),
        ("WarmThroughput", settings.warm_throughput.map(warm)),
        ("Tags", tags(table)),
        ("ResourcePolicy", settings.resource_policy.as_ref().map(|policy| json!(policy))),
    ];
    let members = members.into_iter();
    members.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn definitions(keys: &[TableKey]) -> Value {
    let definition =
        |key: &TableKey| json!({ "AttributeName": key.name, "AttributeType": key.code });
    keys.iter().map(definition).collect()
}

fn key_schema(partition_keys: &[TableKey], sort_keys: &[TableKey]) -> Value {
    let partition_keys = partition_keys.iter().map(|key| (key, "HASH"));
    let sort_keys = sort_keys.iter().map(|key| (key, "RANGE"));
    let keys = partition_keys.chain(sort_keys);
    keys.map(|(key, role)| json!({ "AttributeName": key.name, "KeyType": role })).collect()
}

fn index_json(index: &TableIndex) -> Value {
    json!({
        "IndexName": index.name,
        "KeySchema": key_schema(&index.partition_keys, &index.sort_keys),
        "Projection": projection(&index.projection),
    })
}

/// As DynamoDB has it, and `CloudFormation` too.
pub(super) fn projection(projection: &IndexProjection) -> Value {
    match projection {
        IndexProjection::All => json!({ "ProjectionType": "ALL" }),
        IndexProjection::KeysOnly => json!({ "ProjectionType": "KEYS_ONLY" }),
        IndexProjection::Include(names) => {
            json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": names })
        }
    }
}

fn stream(table: &Table) -> Option<Value> {
    let view = table.settings().stream?.name();
    Some(json!({ "StreamEnabled": true, "StreamViewType": view }))
}

fn encryption(encryption: &Encryption) -> Value {
    match encryption {
        Encryption::AwsManaged => json!({ "Enabled": true, "SSEType": "KMS" }),
        Encryption::CustomerManaged(key) => {
            json!({ "Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": key })
        }
    }
}

fn most(Throughput { reads, writes }: Throughput) -> Value {
    json!({ "MaxReadRequestUnits": reads, "MaxWriteRequestUnits": writes })
}

fn warm(Throughput { reads, writes }: Throughput) -> Value {
    json!({ "ReadUnitsPerSecond": reads, "WriteUnitsPerSecond": writes })
}

fn tags(table: &Table) -> Option<Value> {
    let tags = &table.settings().tags;
    let each = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
    (!tags.is_empty()).then(|| each.collect())
}

impl fmt::Display for PlanStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddIndex(index) => write!(f, "AddIndex({index})"),
            Self::AddVectorIndex(index) => write!(f, "AddVectorIndex({index})"),
            step => write!(f, "{step:?}"),
        }
    }
}
