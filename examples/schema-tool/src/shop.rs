//! The entities.

#![allow(clippy::struct_field_names, reason = "the names of the table")]

use dynamo_runtime::codec::EncodeError;
use dynamo_runtime::prelude::*;
use dynamo_runtime::tables::Samples;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop", allow(scan, load))]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
#[dynamo(index(by_email, name = "email-index", partition_key = email))]
pub(crate) struct Customer {
    pub(crate) customer_id: String,
    pub(crate) name: String,
    pub(crate) email: String,
    #[dynamo(version)]
    pub(crate) version: Version,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop", allow(scan, load))]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ORDER#{order_id}")]
pub(crate) struct Order {
    pub(crate) customer_id: String,
    pub(crate) order_id: u32,
    pub(crate) placed_at: Timestamp,
    pub(crate) total: u64,
    #[dynamo(ttl)]
    pub(crate) expires_at: Option<Timestamp>,
}

#[derive(Collection, Clone, Debug, PartialEq)]
pub(crate) enum ShopItem {
    Customer(Customer),
    Order(Order),
}

/// Some items, for the drawings.
pub(crate) fn example() -> [ShopItem; 2] {
    let ann = Customer {
        customer_id: "ann".into(),
        name: "Ann".into(),
        email: "ann@example.com".into(),
        version: Version::FIRST,
    };
    let order = Order {
        customer_id: "ann".into(),
        order_id: 1,
        placed_at: Timestamp::EPOCH,
        total: 1200,
        expires_at: None,
    };
    [ann.into(), order.into()]
}

pub(crate) fn sample(samples: Samples, item: ShopItem) -> Result<Samples, EncodeError> {
    match item {
        ShopItem::Customer(customer) => samples.item(&customer),
        ShopItem::Order(order) => samples.item(&order),
    }
}
