use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
struct Customer {
    customer_id: String,
}

#[derive(Collection)]
enum CustomerItem {
    Customer(Customer),
}

fn find() {
    let _ = CustomerItem::query(7_u32);
}

fn main() {}
