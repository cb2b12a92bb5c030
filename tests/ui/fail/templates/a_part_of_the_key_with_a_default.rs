use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(sort_key("sk") = "ORDER#{order_id}")]
struct Order {
    customer_id: String,
    #[dynamo(default)]
    order_id: u32,
}

fn main() {}
