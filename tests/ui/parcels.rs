// The entity and the documents of the cases on paths.

use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::prelude::*;

#[derive(Document, Clone, Debug)]
struct Address {
    city: String,
    zip: Option<String>,
    floors: u8,
    is_home: bool,
    flags: BTreeSet<String>,
}

#[derive(Document, Clone, Debug)]
struct Line {
    product: String,
    quantity: u32,
}

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct ParcelId(String);

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "parcels")]
#[dynamo(index(by_status, name = "status-index", partition_key = status))]
struct Parcel {
    #[dynamo(partition_key)]
    parcel_id: ParcelId,
    status: Option<String>,
    address: Address,
    lines: Vec<Line>,
    prices: BTreeMap<String, u64>,
    corners: [i32; 2],
    roles: BTreeSet<String>,
    seal: Vec<u8>,
    weight: u32,
}
