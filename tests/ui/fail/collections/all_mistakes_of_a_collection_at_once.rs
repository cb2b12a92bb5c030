use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
struct Customer {
    customer_id: String,
}

#[derive(Collection)]
#[dynamo(table = "shop")]
enum CustomerItem<'a> {
    Customer(Customer),
    #[dynamo(rename = "again")]
    Again(Customer),
    Order { order_id: u32 },
    Nothing,
    Pair(Customer, &'a str),
}

fn main() {}
