use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(index(by_id, name = "gsi1", partition_key("pk") = "ORDER#{order_id}"))]
struct Order {
    customer_id: String,
    order_id: u32,
}

fn main() {}
