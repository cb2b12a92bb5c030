use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", constant("type") = "Order")]
struct Order {
    #[dynamo(partition_key)]
    order_id: String,
    r#type: String,
}

fn main() {}
