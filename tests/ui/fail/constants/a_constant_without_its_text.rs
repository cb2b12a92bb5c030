use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", constant("type"))]
struct Order {
    #[dynamo(partition_key)]
    order_id: String,
}

#[derive(Entity)]
#[dynamo(table = "shop", constant = "Customer")]
struct Customer {
    #[dynamo(partition_key)]
    customer_id: String,
}

#[derive(Entity)]
#[dynamo(table = "shop", constant("type", "kind") = "Depot", constant("") = "Depot")]
struct Depot {
    #[dynamo(partition_key)]
    depot_id: String,
}

fn main() {}
