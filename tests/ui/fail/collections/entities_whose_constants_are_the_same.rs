use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", constant("type") = "Order")]
struct Order {
    #[dynamo(partition_key)]
    pk: String,
}

#[derive(Entity)]
#[dynamo(table = "shop", constant("type") = "Order", constant("kind") = "late")]
struct LateOrder {
    #[dynamo(partition_key)]
    pk: String,
}

#[derive(Entity)]
#[dynamo(table = "shop")]
struct Anything {
    #[dynamo(partition_key)]
    pk: String,
}

#[derive(Collection)]
enum ShopItem {
    Order(Order),
    LateOrder(LateOrder),
    Anything(Anything),
}

fn main() {}
