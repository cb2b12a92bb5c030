//! Paths into documents, lists and maps, and what updates do to lists and sets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

mod conditions;
mod hostile_keys;
mod invalid;
mod reads;
mod recovery;
mod updates;

#[derive(Document, Clone, Debug, PartialEq)]
pub struct Address {
    pub city: String,
    #[dynamo(rename = "postalCode")]
    pub zip: Option<String>,
    #[dynamo(default)]
    pub visits: u8,
    pub lines: Vec<String>,
    pub flags: BTreeSet<String>,
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct Line {
    pub product: String,
    pub quantity: u32,
    pub discount: Option<i8>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "parcels", allow(scan))]
#[dynamo(index(by_status, name = "status-index", partition_key = status))]
pub struct Parcel {
    #[dynamo(partition_key)]
    pub id: String,
    pub status: String,
    pub address: Address,
    pub billing: Option<Box<Address>>,
    pub contact: Sensitive<Address>,
    pub lines: Arc<Vec<Line>>,
    pub prices: BTreeMap<String, u64>,
    pub days: HashMap<String, Vec<Line>>,
    pub names: Vec<Option<String>>,
    pub grid: Vec<Vec<i64>>,
    pub corners: [i32; 2],
    pub roles: BTreeSet<String>,
    pub history: Option<Vec<String>>,
    #[dynamo(default = first_note)]
    pub notes: Vec<String>,
    pub marks: Sensitive<BTreeSet<u16>>,
    #[dynamo(version)]
    pub version: Version,
}

fn first_note() -> Vec<String> {
    vec!["first".to_owned()]
}

fn address(city: &str) -> Address {
    Address {
        city: city.to_owned(),
        zip: Some("1010".to_owned()),
        visits: 250,
        lines: vec!["a".to_owned(), "b".to_owned()],
        flags: BTreeSet::from(["new".to_owned()]),
    }
}

fn line(product: &str, quantity: u32) -> Line {
    Line { product: product.to_owned(), quantity, discount: None }
}

fn parcel() -> Parcel {
    Parcel {
        id: "p".to_owned(),
        status: "sent".to_owned(),
        address: address("Vienna"),
        billing: None,
        contact: Sensitive::new(address("Graz")),
        lines: Arc::new(vec![line("tea", 1), line("cake", 2), line("jam", 3)]),
        prices: BTreeMap::from([("tea".to_owned(), 10), ("a.b".to_owned(), 20)]),
        days: HashMap::from([("monday".to_owned(), vec![line("tea", 7)])]),
        names: vec![Some("x".to_owned()), None, Some("z".to_owned())],
        grid: vec![vec![1, 2], vec![3, 4]],
        corners: [5, 6],
        roles: BTreeSet::from(["reader".to_owned()]),
        history: None,
        notes: vec!["n".to_owned()],
        marks: Sensitive::new(BTreeSet::from([1, 2])),
        version: Version::UNSAVED,
    }
}

async fn engine() -> (SecureClient, LocalEngine) {
    let engine = crate::engine::embedded_engine().await;
    let client = crate::engine::embedded().engine(&engine).table::<Parcel>().build().await.unwrap();
    (client, engine)
}

/// A client, and the parcel as it is stored.
async fn stored() -> (SecureClient, Parcel) {
    let client = crate::engine::client().table::<Parcel>().build().await;
    let parcel = Parcel::create(parcel()).send(&client).await.unwrap();
    (client, parcel)
}
