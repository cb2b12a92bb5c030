//! Tables from entities: as data, created, verified and planned.

mod creating;
mod data;
mod exporting;
mod locking;
mod planning;
mod verifying;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

use crate::engine::{embedded, embedded_engine};

/// A customer, whose orders are in the same table.
#[allow(clippy::struct_field_names, reason = "it is the name that the orders have for it")]
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(
    table = "shop-tables",
    partition_key("pk") = "CUSTOMER#{customer}",
    sort_key("sk") = "PROFILE",
    allow(scan)
)]
#[dynamo(index(by_email, name = "by-email", partition_key = email))]
pub struct Customer {
    pub customer: String,
    pub email: String,
    #[dynamo(version)]
    pub version: Version,
}

/// What the index `by-depot` holds.
#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Order)]
pub struct OrderLine {
    pub placed_at: Timestamp,
    pub total: u32,
    pub expires_at: Option<Timestamp>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(
    table = "shop-tables",
    partition_key("pk") = "CUSTOMER#{customer}",
    sort_key("sk") = "ORDER#{number}"
)]
#[dynamo(index(by_depot, name = "by-depot", partition_key = depot, sort_key("depot_sk") = "AT#{placed_at}", projects = OrderLine))]
pub struct Order {
    pub customer: String,
    pub number: u64,
    pub placed_at: Timestamp,
    pub total: u32,
    pub depot: Option<String>,
    #[dynamo(ttl)]
    pub expires_at: Option<Timestamp>,
}

#[derive(Collection, Debug)]
pub enum ShopItem {
    Customer(Customer),
    Order(Order),
}

/// A client of an embedded engine without tables, and the engine.
async fn bare() -> (SecureClient, LocalEngine) {
    let engine = embedded_engine().await;
    let client = embedded().engine(&engine).build().await.unwrap();
    (client, engine)
}

/// The names of the operations that were sent since.
fn operations(engine: &LocalEngine, since: usize) -> Vec<String> {
    engine.requests().iter().skip(since).map(|request| request.operation().to_owned()).collect()
}
