use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(index(by_state, name = "gsi1", partition_key("gsi1pk") = "{state}#{updated_at}"))]
struct Order {
    customer_id: String,
    state: String,
    #[dynamo(updated_at)]
    updated_at: Timestamp,
}

fn main() {}
