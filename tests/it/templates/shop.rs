//! A shop in one table.

use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
pub struct CustomerId(pub String);

impl From<&str> for CustomerId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// Alone in its partition's `PROFILE`.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
pub struct Customer {
    pub customer_id: CustomerId,
    pub name: String,
}

#[allow(clippy::struct_field_names, reason = "the names of the documentation")]
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(sort_key("sk") = "ORDER#{placed_at}#{order_id}")]
#[dynamo(index(
    by_status,
    name = "gsi1",
    partition_key("gsi1pk") = "STATUS#{status}",
    sort_key("gsi1sk") = "{placed_at}"
))]
#[dynamo(index(
    by_depot,
    name = "gsi2",
    partition_key("gsi2pk") = "DEPOT#{country}#{depot}",
    sort_key("gsi2sk") = "SHELF#{shelf}#{order_id}"
))]
pub struct Order {
    pub customer_id: CustomerId,
    pub placed_at: Timestamp,
    pub order_id: u32,
    pub status: String,
    pub total: u64,
    /// None of the three until it is packed.
    pub country: Option<String>,
    pub depot: Option<u8>,
    pub shelf: Option<i16>,
    #[dynamo(version)]
    pub version: Version,
}

/// Another entity whose keys begin alike.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(sort_key("sk") = "ORDERS-SEEN#{day}")]
pub struct Seen {
    pub customer_id: CustomerId,
    pub day: u16,
}

/// As a collection's derive asks of its entities: a constant that is not generic is evaluated by
/// `cargo check`.
const _: () = {
    use dynamo_runtime::__private::{Confusion, confusion};

    let [customer, order, seen] =
        [&<Customer as Entity>::SCHEMA, &<Order as Entity>::SCHEMA, &<Seen as Entity>::SCHEMA];
    assert!(matches!(confusion(customer, order), Confusion::None));
    assert!(matches!(confusion(customer, seen), Confusion::None));
    assert!(matches!(confusion(order, seen), Confusion::None));
    assert!(matches!(confusion(order, order), Confusion::SameKey));
};

pub fn day(day: u8) -> Timestamp {
    format!("2026-11-{day:02}T00:00:00Z").parse().unwrap()
}

pub fn order(customer: &str, placed_on: u8, order_id: u32) -> Order {
    Order {
        customer_id: customer.into(),
        placed_at: day(placed_on),
        order_id,
        status: "open".to_owned(),
        total: 100,
        country: None,
        depot: None,
        shelf: None,
        version: Version::UNSAVED,
    }
}

pub fn key(customer: &str, placed_on: u8, order_id: u32) -> OrderKey {
    OrderKey { customer_id: customer.into(), placed_at: day(placed_on), order_id }
}

/// The order's item as it is stored, whatever its keys are.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop", allow(unconditional_put))]
pub struct Raw {
    #[dynamo(partition_key)]
    pub pk: String,
    #[dynamo(sort_key)]
    pub sk: String,
    pub gsi1pk: Option<String>,
    pub gsi1sk: Option<String>,
    pub gsi2pk: Option<String>,
    pub gsi2sk: Option<String>,
    pub customer_id: String,
    pub placed_at: Timestamp,
    pub order_id: u32,
    pub status: String,
    pub total: u64,
    pub country: Option<String>,
    pub depot: Option<u8>,
    pub shelf: Option<i16>,
    pub version: u64,
}

/// The order's item.
pub async fn raw(client: &SecureClient, order: &OrderKey) -> Raw {
    let pk = format!("CUSTOMER#{}", order.customer_id.0);
    let sk = format!("ORDER#{}#{:010}", order.placed_at, order.order_id);
    Raw::get(RawKey { pk, sk }).send(client).await.unwrap().unwrap()
}

pub async fn client() -> SecureClient {
    let client = crate::engine::client().table::<Customer>().table::<Order>().table::<Seen>();
    client.build().await
}
