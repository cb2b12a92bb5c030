//! A vector index, as a description has it.

use serde_json::{Value, json};

use super::{Live, elements, text};

/// A vector index, as a description has it.
#[derive(Clone, Debug)]
pub(in crate::tables) struct LiveVectorIndex<'t> {
    json: &'t Value,
    table: &'t Live,
}

impl Live {
    pub(in crate::tables) fn vector_indexes(&self) -> Vec<LiveVectorIndex<'_>> {
        let indexes = elements(&self.0, "VectorIndexes").iter();
        indexes.map(|json| LiveVectorIndex { json, table: self }).collect()
    }
}

impl<'t> LiveVectorIndex<'t> {
    pub(in crate::tables) fn name(&self) -> &'t str {
        text(self.json, "IndexName")
    }

    pub(in crate::tables) fn vector(&self) -> &'t str {
        self.json.get("VectorAttribute").map_or("", |vector| text(vector, "AttributeName"))
    }

    pub(in crate::tables) fn dimensions(&self) -> u64 {
        self.json.get("Dimensions").and_then(Value::as_u64).unwrap_or_default()
    }

    pub(in crate::tables) fn distance(&self) -> &'t str {
        text(self.json, "DistanceFunction")
    }

    /// The attribute of which each search names one value, with its type.
    pub(in crate::tables) fn partition_key(&self) -> Option<(&'t str, &'t str)> {
        self.searched("HASH").next()
    }

    /// The attributes by which a search can be filtered, each with its type.
    pub(in crate::tables) fn filters(&self) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.searched("INLINE_FILTER")
    }

    fn searched(&self, role: &'static str) -> impl Iterator<Item = (&'t str, &'t str)> {
        let this = self.clone();
        elements(self.json, "SearchSchema")
            .iter()
            .filter(move |element| text(element, "SearchSchemaElementType") == role)
            .map(|element| text(element, "AttributeName"))
            .map(move |name| (name, this.code_of(name).unwrap_or_default()))
    }

    /// The type of an attribute, if it is defined.
    fn code_of(&self, name: &str) -> Option<&'t str> {
        elements(&self.table.0, "AttributeDefinitions")
            .iter()
            .find(|definition| text(definition, "AttributeName") == name)
            .map(|definition| text(definition, "AttributeType"))
    }

    /// Why it cannot be searched, as far as its description tells.
    ///
    /// While it is allocated it is `CREATING` and not yet backfilling, so that the one sign without
    /// the other says nothing.
    pub(in crate::tables) fn waits_for(&self) -> Option<&'t str> {
        let status = text(self.json, "IndexStatus");
        let is_backfilling = self.json.get("Backfilling").and_then(Value::as_bool) == Some(true);
        match status {
            "ACTIVE" if is_backfilling => Some("backfilling"),
            "ACTIVE" => None,
            status => Some(status),
        }
    }

    /// What it holds besides keys; `None` for all.
    pub(in crate::tables) fn projected(&self) -> Option<Vec<&'t str>> {
        super::projected(self.json)
    }

    /// A search that finds one item or none, whatever is in the index.
    pub(in crate::tables) fn probe(&self, table: &str) -> Value {
        let dimensions = usize::try_from(self.dimensions()).unwrap_or_default();
        let mut search = json!({
            "TableName": table,
            "IndexName": self.name(),
            "TopK": 1,
            "SearchVector": vec![json!({ "N": "1" }); dimensions],
            "ProjectionExpression": "#0",
            "ExpressionAttributeNames": {
                "#0": elements(&self.table.0, "KeySchema").first().map_or("", |key| text(key, "AttributeName")),
            },
        });
        if let (Some((name, code)), Value::Object(members)) = (self.partition_key(), &mut search) {
            // Of any type that a key can have, this is a value.
            let value = if code == "B" { "AA==" } else { "0" };
            members.insert("SearchConditionExpression".to_owned(), json!("#1 = :0"));
            members
                .insert("ExpressionAttributeValues".to_owned(), json!({ ":0": { code: value } }));
            if let Some(Value::Object(names)) = members.get_mut("ExpressionAttributeNames") {
                names.insert("#1".to_owned(), json!(name));
            }
        }
        search
    }
}
