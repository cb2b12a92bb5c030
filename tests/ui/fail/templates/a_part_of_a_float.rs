use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(sort_key("sk") = "ORDER#{total}")]
struct Order {
    customer_id: String,
    total: f64,
}

fn main() {}
