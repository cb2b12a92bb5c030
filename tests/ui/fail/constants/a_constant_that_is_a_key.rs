use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "ORDER#{order_id}", constant("pk") = "ORDER")]
#[dynamo(index(all, name = "type-index", partition_key("type") = "Order"), constant("type") = "Order")]
struct Order {
    order_id: String,
}

fn main() {}
