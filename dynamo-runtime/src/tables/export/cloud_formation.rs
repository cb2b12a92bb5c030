//! `CloudFormation`.
//!
//! Source: [AWS::DynamoDB::Table](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html)
//! and [AWS::DynamoDB::GlobalTable](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html).

use serde_json::{Map, Value, json};

use super::logical_id;
use crate::client::Region;
use crate::tables::schema::{Schema, Table, TableIndex, TableKey};
use crate::tables::settings::Encryption;
use crate::tables::step::projection;

pub(super) fn template(schema: &Schema) -> Value {
    resources(schema, |table| resource("AWS::DynamoDB::Table", &properties(table)))
}

pub(super) fn global(schema: &Schema, regions: &[Region]) -> Value {
    resources(schema, |table| {
        resource("AWS::DynamoDB::GlobalTable", &global_properties(table, regions))
    })
}

fn resources(schema: &Schema, of: impl Fn(&Table) -> Value) -> Value {
    let resources: Map<_, _> =
        schema.tables().iter().map(|table| (logical_id(table.name()), of(table))).collect();
    json!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": resources })
}

/// A table outlives its stack, and what would replace it.
fn resource(kind: &str, properties: &Value) -> Value {
    json!({
        "Type": kind,
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": properties,
    })
}

/// Those of both kinds of resources.
fn common(table: &Table) -> Vec<(&'static str, Option<Value>)> {
    let settings = table.settings();
    let indexes = |is_global| {
        let indexes = table.indexes().iter().filter(move |index| index.is_global == is_global);
        let indexes: Vec<_> = indexes.map(index).collect();
        (!indexes.is_empty()).then_some(Value::Array(indexes))
    };
    let definitions = table.key_attributes();
    let definitions = definitions
        .iter()
        .map(|key| json!({ "AttributeName": key.name, "AttributeType": key.code }));
    vec![
        ("TableName", Some(json!(table.name()))),
        ("BillingMode", Some(json!("PAY_PER_REQUEST"))),
        ("AttributeDefinitions", Some(definitions.collect())),
        ("KeySchema", Some(key_schema(&[table.partition_key()], table.sort_key().as_slice()))),
        ("GlobalSecondaryIndexes", indexes(true)),
        ("LocalSecondaryIndexes", indexes(false)),
        (
            "TimeToLiveSpecification",
            table.expiry().map(|name| json!({ "AttributeName": name, "Enabled": true })),
        ),
        (
            "WarmThroughput",
            settings.warm_throughput.map(|most| {
                json!({ "ReadUnitsPerSecond": most.reads, "WriteUnitsPerSecond": most.writes })
            }),
        ),
    ]
}

pub(super) fn properties(table: &Table) -> Value {
    let settings = table.settings();
    let mut all = common(table);
    all.extend([
        ("DeletionProtectionEnabled", Some(json!(!settings.is_unprotected))),
        ("PointInTimeRecoverySpecification", recovery(table)),
        ("SSESpecification", settings.encryption.as_ref().map(encryption)),
        (
            "StreamSpecification",
            settings.stream.map(|view| json!({ "StreamViewType": view.name() })),
        ),
        ("TableClass", settings.class.map(|class| json!(class.name()))),
        (
            "OnDemandThroughput",
            settings.max_throughput.map(|most| {
                json!({ "MaxReadRequestUnits": most.reads, "MaxWriteRequestUnits": most.writes })
            }),
        ),
        ("Tags", tags(table)),
        ("ResourcePolicy", policy(table)),
    ]);
    object(all)
}

fn global_properties(table: &Table, regions: &[Region]) -> Value {
    let settings = table.settings();
    let mut all = common(table);
    // Replicas follow by the stream.
    let view = settings.stream.map_or("NEW_AND_OLD_IMAGES", |view| view.name());
    let replicas = regions.iter().map(|region| replica(table, *region));
    all.extend([
        ("StreamSpecification", Some(json!({ "StreamViewType": view }))),
        (
            "SSESpecification",
            settings.encryption.as_ref().map(|_| json!({ "SSEEnabled": true, "SSEType": "KMS" })),
        ),
        (
            "WriteOnDemandThroughputSettings",
            settings.max_throughput.map(|most| json!({ "MaxWriteRequestUnits": most.writes })),
        ),
        ("Replicas", Some(replicas.collect())),
    ]);
    object(all)
}

fn replica(table: &Table, region: Region) -> Value {
    let settings = table.settings();
    let key = settings.encryption.as_ref().and_then(|encryption| match encryption {
        Encryption::AwsManaged => None,
        Encryption::CustomerManaged(key) => Some(json!({ "KMSMasterKeyId": key })),
    });
    object(vec![
        ("Region", Some(json!(region.name()))),
        ("DeletionProtectionEnabled", Some(json!(!settings.is_unprotected))),
        ("PointInTimeRecoverySpecification", recovery(table)),
        ("SSESpecification", key),
        ("TableClass", settings.class.map(|class| json!(class.name()))),
        (
            "ReadOnDemandThroughputSettings",
            settings.max_throughput.map(|most| json!({ "MaxReadRequestUnits": most.reads })),
        ),
        ("Tags", tags(table)),
        ("ResourcePolicy", policy(table)),
    ])
}

fn object(members: Vec<(&str, Option<Value>)>) -> Value {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn index(index: &TableIndex) -> Value {
    json!({
        "IndexName": index.name,
        "KeySchema": key_schema(&index.partition_keys, &index.sort_keys),
        "Projection": projection(&index.projection),
    })
}

fn key_schema(partition_keys: &[TableKey], sort_keys: &[TableKey]) -> Value {
    let partition_keys = partition_keys.iter().map(|key| (key, "HASH"));
    let sort_keys = sort_keys.iter().map(|key| (key, "RANGE"));
    let keys = partition_keys.chain(sort_keys);
    keys.map(|(key, role)| json!({ "AttributeName": key.name, "KeyType": role })).collect()
}

fn recovery(table: &Table) -> Option<Value> {
    let days = table.settings().recovery_days?;
    Some(json!({ "PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": days }))
}

fn encryption(encryption: &Encryption) -> Value {
    match encryption {
        Encryption::AwsManaged => json!({ "SSEEnabled": true, "SSEType": "KMS" }),
        Encryption::CustomerManaged(key) => {
            json!({ "SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": key })
        }
    }
}

fn tags(table: &Table) -> Option<Value> {
    let tags = &table.settings().tags;
    let each = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
    (!tags.is_empty()).then(|| each.collect())
}

/// As JSON where it is, for `CloudFormation` takes no text.
fn policy(table: &Table) -> Option<Value> {
    let policy = table.settings().resource_policy.as_ref()?;
    let document: Value = serde_json::from_str(policy).unwrap_or_else(|_| json!(policy));
    Some(json!({ "PolicyDocument": document }))
}
