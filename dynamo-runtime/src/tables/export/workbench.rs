//! `NoSQL` Workbench's data model.
//!
//! Source: [Data model format](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/workbench.Modeler.ImportExisting.html).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::samples::Samples;
use crate::tables::schema::{EntityShape, Schema, Table, TableIndex, TableKey};
use crate::tables::step::projection;

pub(super) fn model(schema: &Schema, name: &str, samples: &Samples) -> Value {
    let tables = schema.tables().iter().map(|table| of_table(table, samples));
    json!({
        "ModelName": name,
        "ModelMetadata": {
            "Author": "",
            "DateCreated": "",
            "DateLastModified": "",
            "Description": "",
            "AWSService": "Amazon DynamoDB",
            "Version": "3.0",
        },
        "DataModel": tables.collect::<Value>(),
    })
}

fn of_table(table: &Table, samples: &Samples) -> Value {
    let of_table = samples.items.iter().filter(|sample| sample.table == table.name());
    let items: Value = of_table.map(|sample| sample.item.clone()).collect();
    let keys: Vec<_> = table.key_attributes().iter().map(|key| key.name).collect();
    let is_own = |name: &str| {
        name != table.partition_key().name && table.sort_key().is_none_or(|key| key.name != name)
    };
    let mut others: BTreeMap<&str, &str> = BTreeMap::new();
    for key in table.key_attributes() {
        others.insert(key.name, key.code);
    }
    for attribute in table.entities().iter().flat_map(|entity| &entity.attributes) {
        others.entry(attribute.name).or_insert(attribute.shape.code().unwrap_or("S"));
    }
    let others = others.into_iter().filter(|(name, _)| is_own(name));
    let others = others.map(|(name, code)| json!({ "AttributeName": name, "AttributeType": code }));
    let facets = table.entities().iter().map(|entity| facet(entity, &keys));
    let indexes = table.indexes().iter().filter(|index| index.is_global && has_one_key(index));
    let mut model = json!({
        "TableName": table.name(),
        "KeyAttributes": key_attributes(table.partition_key(), table.sort_key()),
        "NonKeyAttributes": others.collect::<Value>(),
        "TableFacets": facets.collect::<Value>(),
        "GlobalSecondaryIndexes": indexes.map(of_index).collect::<Value>(),
        "TableData": items,
        "DataAccess": { "MySql": {} },
        "BillingMode": "PAY_PER_REQUEST",
    });
    if let (Some(attribute), Some(members)) = (table.expiry(), model.as_object_mut()) {
        let ttl = json!({ "AttributeName": attribute, "Enabled": true });
        members.insert("TimeToLiveSpecification".to_owned(), ttl);
    }
    model
}

fn has_one_key(index: &TableIndex) -> bool {
    index.partition_keys.len() == 1 && index.sort_keys.len() <= 1
}

fn of_index(index: &TableIndex) -> Value {
    let partition_key = index.partition_keys.first().copied();
    json!({
        "IndexName": index.name,
        "KeyAttributes":
            partition_key.map(|key| key_attributes(key, index.sort_keys.first().copied())),
        "Projection": projection(&index.projection),
    })
}

fn key_attributes(partition_key: TableKey, sort_key: Option<TableKey>) -> Value {
    let key = |key: TableKey| json!({ "AttributeName": key.name, "AttributeType": key.code });
    match sort_key {
        None => json!({ "PartitionKey": key(partition_key) }),
        Some(sort_key) => json!({ "PartitionKey": key(partition_key), "SortKey": key(sort_key) }),
    }
}

/// An entity, whose templates are the aliases of the keys.
fn facet(entity: &EntityShape, keys: &[&str]) -> Value {
    let attributes = entity.attributes.iter().map(|attribute| attribute.name);
    let attributes: Vec<_> = attributes.filter(|name| !keys.contains(name)).collect();
    json!({
        "FacetName": entity.name,
        "KeyAttributeAlias": {
            "PartitionKeyAlias": entity.partition_key,
            "SortKeyAlias": entity.sort_key.as_deref().unwrap_or_default(),
        },
        "TableData": [],
        "NonKeyAttributes": attributes,
        "DataAccess": { "MySql": {} },
    })
}
