//! A bound is the key of one of the collection's entities.

use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
struct Customer {
    customer_id: String,
}

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ADDRESS#{label}")]
struct Address {
    customer_id: String,
    label: String,
}

#[derive(Collection)]
enum Recent {
    Customer(Customer),
}

#[derive(Collection)]
struct Account {
    customer: Customer,
}

fn main() {
    let home = AddressKey { customer_id: "c1".to_owned(), label: "home".to_owned() };
    let _ = Recent::query("c1").starting_at(&home);
    let _ = Account::query("c1").under(&home);
}
