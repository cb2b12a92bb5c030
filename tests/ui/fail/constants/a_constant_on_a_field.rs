use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
struct Order {
    #[dynamo(partition_key)]
    order_id: String,
    #[dynamo(constant = "Order")]
    kind: String,
}

fn main() {}
