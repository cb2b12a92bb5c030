use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
struct Customer {
    customer_id: String,
}

#[derive(Document)]
struct Order {
    order_id: u32,
}

#[derive(Collection)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

fn main() {}
