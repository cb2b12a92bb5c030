use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "orders", index(by_total, name = "total-index", partition_key = order_id, sort_key = expires_at))]
struct Order {
    #[dynamo(partition_key)]
    customer_id: String,
    #[dynamo(sort_key)]
    order_id: String,
    total: u64,
    #[dynamo(skip)]
    cache: Vec<u8>,
    #[dynamo(ttl)]
    expires_at: Timestamp,
}

fn main() {}
