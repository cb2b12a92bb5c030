//! What a collection says of itself.

use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
struct Customer {
    customer_id: String,
}

#[derive(Collection)]
#[dynamo(skip_others = true, index = "gsi1", skip_unknown)]
enum Recent {
    Customer(Customer),
}

fn main() {}
