use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "CUSTOMER#{customer}", sort_key("sk") = "ORDER#{placed_at}")]
struct Order {
    customer: String,
    #[dynamo(form = epoch_millis)]
    placed_at: Timestamp,
}

fn main() {}
