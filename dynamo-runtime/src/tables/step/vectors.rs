//! The requests that make vector indexes.

use serde_json::{Value, json};

use super::projection;
use crate::tables::schema::{TableKey, TableVectorIndex, name_of};

/// The index as a request makes it.
pub(super) fn vector_index(index: &TableVectorIndex) -> Value {
    let partition_key = index.partition_key.iter().map(|key| (key, "HASH"));
    let filters = index.filters.iter().map(|key| (key, "INLINE_FILTER"));
    let element = |(key, role): (&TableKey, &str)| json!({ "AttributeName": key.name, "SearchSchemaElementType": role });
    let searched: Vec<_> = partition_key.chain(filters).map(element).collect();
    let mut request = json!({
        "IndexName": index.name,
        "VectorAttribute": { "AttributeName": index.vector },
        "Dimensions": index.dimensions,
        "DistanceFunction": name_of(index.distance),
        "Projection": projection(&index.projection),
    });
    // An empty list is refused.
    if let (Value::Object(members), false) = (&mut request, searched.is_empty()) {
        members.insert("SearchSchema".to_owned(), Value::Array(searched));
    }
    request
}
