use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", constant("type") = "Order")]
struct Order {
    #[dynamo(partition_key)]
    order_id: String,
    #[dynamo(flatten)]
    origin: Origin,
}

#[derive(Document)]
struct Origin {
    r#type: String,
}

fn main() {}
