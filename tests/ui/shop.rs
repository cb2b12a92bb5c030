// An entity whose keys are made of its fields.

use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct CustomerId(String);

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(sort_key("sk") = "ORDER#{placed_at}#{order_id}")]
#[dynamo(index(by_status, name = "gsi1", partition_key("gsi1pk") = "STATUS#{status}"))]
#[dynamo(index(by_depot, name = "gsi2", partition_key("gsi2pk") = "DEPOT#{country}#{depot}"))]
struct Order {
    customer_id: CustomerId,
    placed_at: Timestamp,
    order_id: u32,
    status: u8,
    country: Option<String>,
    depot: Option<u8>,
}
