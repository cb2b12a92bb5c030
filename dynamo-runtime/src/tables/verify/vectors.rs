//! Whether the vector indexes of a live table are what its entities describe.

use std::collections::BTreeSet;

use crate::tables::difference::Drift;
use crate::tables::live::{Live, LiveVectorIndex};
use crate::tables::schema::{IndexProjection, Table, TableVectorIndex, name_of, told};

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
    let is_same = live.vector() == index.vector
        && live.dimensions() == index.dimensions as u64
        && live.distance() == name_of(index.distance)
        && are_same_keys(index, live);
    if !is_same {
        let mut keys = String::new();
        for (name, code) in live.partition_key().into_iter().chain(live.filters()) {
            keys.extend([" ", name, " ", code]);
        }
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
fn are_same_keys(index: &TableVectorIndex, live: &LiveVectorIndex<'_>) -> bool {
    let key = index.partition_key.map(|key| (key.name, key.code));
    let wanted: BTreeSet<_> = index.filters.iter().map(|key| (key.name, key.code)).collect();
    live.partition_key() == key && live.filters().collect::<BTreeSet<_>>() == wanted
}
