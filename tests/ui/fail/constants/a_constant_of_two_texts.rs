use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", constant("type") = "Order", constant("type") = "Sale")]
struct Order {
    #[dynamo(partition_key)]
    order_id: String,
}

fn main() {}
