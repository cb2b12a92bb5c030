use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
struct Order {
    #[dynamo(partition_key)]
    customer_id: String,
}

fn main() {}
