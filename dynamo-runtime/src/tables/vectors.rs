//! The vector indexes of a table: as entities describe them, as requests make them, as they are.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::difference::Drift;
use super::error::TableError;
use super::live::{Live, LiveVectorIndex};
use super::request::send;
use super::schema::{IndexProjection, Table, TableKey};
use super::step::projection;
use crate::client::{Api, SecureClient};
use crate::record::Selected;
use crate::schema::{DistanceFunction, EntitySchema, VectorIndexSchema};

/// A vector index of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableVectorIndex {
    /// Its name.
    pub name: &'static str,
    /// The attribute that holds the vector.
    pub vector: &'static str,
    /// How many numbers a vector has.
    pub dimensions: usize,
    /// How vectors are compared.
    pub distance: DistanceFunction,
    /// The attribute of which each search names one value.
    pub partition_key: Option<TableKey>,
    /// The attributes by which a search can be filtered.
    pub filters: Vec<TableKey>,
    /// What it holds besides these and the table's keys.
    pub projection: IndexProjection,
    /// The entities that use it.
    pub entities: Vec<&'static str>,
}

/// The vector indexes of all entities, each with what every entity that uses it says that it has.
pub(super) fn vector_indexes(
    table: &EntitySchema,
    schemas: &[&EntitySchema],
) -> Vec<TableVectorIndex> {
    let mut indexes: Vec<TableVectorIndex> = Vec::new();
    for index in schemas.iter().flat_map(|schema| schema.vector_indexes) {
        if indexes.iter().any(|known| known.name == index.name) {
            continue;
        }
        let uses = schemas.iter().filter(|schema| schema.vector_index(index.name).is_some());
        indexes.push(TableVectorIndex {
            name: index.name,
            vector: index.vector,
            dimensions: index.dimensions,
            distance: index.distance,
            partition_key: index.partition_key.map(TableKey::from),
            filters: index.filters.iter().map(|key| (*key).into()).collect(),
            projection: projection_of(index, table, schemas),
            entities: uses.map(|schema| schema.entity).collect(),
        });
    }
    indexes
}

fn projection_of(
    index: &VectorIndexSchema,
    table: &EntitySchema,
    schemas: &[&EntitySchema],
) -> IndexProjection {
    let keys = std::iter::once(table.partition_key).chain(table.sort_key).chain(index.searched());
    let keys: Vec<_> = keys.map(|key| key.name).collect();
    let of_each = schemas.iter().filter_map(|schema| schema.vector_index(index.name));
    let projected = of_each.flat_map(|index| index.projected).flat_map(Selected::names);
    let others: BTreeSet<_> = projected.filter(|name| !keys.contains(name)).collect();
    if others.is_empty() {
        IndexProjection::KeysOnly
    } else {
        IndexProjection::Include(others.into_iter().collect())
    }
}

impl TableVectorIndex {
    /// The attributes that a search can name, which a request that makes the index must define.
    pub(super) fn searched(&self) -> impl Iterator<Item = TableKey> {
        self.partition_key.iter().chain(&self.filters).copied()
    }

    /// As a request makes it.
    pub(super) fn json(&self) -> Value {
        let partition_key = self.partition_key.iter().map(|key| (key, "HASH"));
        let filters = self.filters.iter().map(|key| (key, "INLINE_FILTER"));
        let element = |(key, role): (&TableKey, &str)| json!({ "AttributeName": key.name, "SearchSchemaElementType": role });
        let searched: Vec<_> = partition_key.chain(filters).map(element).collect();
        let mut index = json!({
            "IndexName": self.name,
            "VectorAttribute": { "AttributeName": self.vector },
            "Dimensions": self.dimensions,
            "DistanceFunction": name_of(self.distance),
            "Projection": projection(&self.projection),
        });
        // An empty list is refused.
        if let (Value::Object(members), false) = (&mut index, searched.is_empty()) {
            members.insert("SearchSchema".to_owned(), Value::Array(searched));
        }
        index
    }

    /// What it is, for a person: all of it but what it holds.
    pub(super) fn told(&self) -> String {
        let keys = self.searched().map(|key| format!(" {} {}", key.name, key.code));
        let key = if self.partition_key.is_some() { "by" } else { "filters" };
        let keys: String = keys.collect();
        let keys = if keys.is_empty() { keys } else { format!(", {key}{keys}") };
        told(self.vector, self.dimensions as u64, name_of(self.distance), &keys)
    }
}

fn told(vector: &str, dimensions: u64, distance: &str, keys: &str) -> String {
    format!("vector `{vector}` of {dimensions} dimensions, {distance}{keys}")
}

const fn name_of(distance: DistanceFunction) -> &'static str {
    match distance {
        DistanceFunction::Cosine => "COSINE",
        DistanceFunction::Euclidean => "EUCLIDEAN",
        DistanceFunction::DotProduct => "DOT_PRODUCT",
    }
}

/// In what the vector indexes differ from what is described.
pub(super) fn of_vector_indexes(table: &Table, live: &Live) -> Vec<Drift> {
    let mut drifts = Vec::new();
    let live = live.vector_indexes();
    for index in table.vector_indexes() {
        drifts.extend(of_vector_index(index, &live));
    }
    for index in &live {
        if table.vector_indexes().iter().all(|known| known.name != index.name()) {
            drifts.push(Drift::OtherIndex { index: index.name().to_owned() });
        }
    }
    drifts
}

fn of_vector_index(index: &TableVectorIndex, live: &[LiveVectorIndex<'_>]) -> Vec<Drift> {
    let name = index.name;
    let entity = index.entities.first().copied().unwrap_or_default();
    let Some(live) = live.iter().find(|live| live.name() == name) else {
        return vec![Drift::NoIndex { entity, index: name }];
    };
    let mut drifts = Vec::new();
    let searched = |index: &Value| index.get("SearchSchema").cloned().unwrap_or_default();
    let is_same = live.vector() == index.vector
        && live.dimensions() == index.dimensions as u64
        && live.distance() == name_of(index.distance)
        && are_same_elements(&searched(&index.json()), &searched(live.json))
        && index.searched().all(|key| live.code_of(key.name) == Some(key.code));
    if !is_same {
        let keys: String = live.searched().map(|(name, code)| format!(" {name} {code}")).collect();
        let keys = if keys.is_empty() { keys } else { format!(", by{keys}") };
        let has = told(live.vector(), live.dimensions(), live.distance(), &keys);
        drifts.push(Drift::VectorIndex { entity, index: name, has, wants: index.told() });
    }
    if let Some(status) = live.waits_for() {
        drifts.push(Drift::IndexNotActive { index: name, status: status.to_owned() });
    }
    let Some(has) = live.projected() else {
        drifts.push(Drift::WiderProjection { index: name });
        return drifts;
    };
    let wanted: &[&str] = match &index.projection {
        IndexProjection::Include(wanted) => wanted,
        IndexProjection::All | IndexProjection::KeysOnly => &[],
    };
    let lacks = wanted.iter().filter(|name| !has.contains(name));
    let lacks: Vec<_> = lacks.map(|name| (*name).to_owned()).collect();
    if !lacks.is_empty() {
        drifts.push(Drift::Projection { entity, index: name, lacks });
    } else if has.len() > wanted.len() {
        drifts.push(Drift::WiderProjection { index: name });
    }
    drifts
}

/// Whether the index can be searched by the same attributes, in whatever order.
fn are_same_elements(one: &Value, other: &Value) -> bool {
    let elements = |value: &Value| -> BTreeSet<String> {
        value.as_array().into_iter().flatten().map(Value::to_string).collect()
    };
    elements(one) == elements(other)
}

/// What of the vector indexes does not answer yet, though each is active: their hosts learn of an
/// index later than its description does.
///
/// Who may not search is not told: that is known of the description alone then.
pub(super) async fn first_silent(
    client: &SecureClient,
    table: &str,
    live: &Live,
) -> Result<Option<String>, TableError> {
    if !client.answers_searches() {
        return Ok(None);
    }
    for index in live.vector_indexes() {
        match send(client, table, Api::SearchVectors, &index.probe(table)).await {
            Ok(_) => {}
            Err(error) if error.is_denied() || error.has_code("UnknownOperationException") => {}
            Err(error) if error.is_index_not_ready() => {
                return Ok(Some(format!("the vector index `{}` does not answer", index.name())));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
