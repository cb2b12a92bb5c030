use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk", raw) = "user:{user_id}", sort_key("sk", raw) = "order:{order_id}")]
struct Order {
    user_id: String,
    order_id: String,
}

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk", raw) = "user:{user_id}", sort_key("sk", raw) = "order:late:{order_id}")]
struct LateOrder {
    user_id: String,
    order_id: String,
}

#[derive(Collection)]
enum UserItem {
    Order(Order),
    LateOrder(LateOrder),
}

fn main() {}
