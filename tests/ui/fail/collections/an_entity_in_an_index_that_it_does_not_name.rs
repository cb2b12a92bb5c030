use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
#[dynamo(index(by_email, name = "email-index", partition_key = email))]
struct Customer {
    customer_id: String,
    email: String,
}

/// Its address is in the index of the customers' too.
#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "INVOICE#{number}")]
struct Invoice {
    customer_id: String,
    number: u32,
    email: String,
}

#[derive(Collection)]
enum CustomerItem {
    Customer(Customer),
    Invoice(Invoice),
}

fn main() {}
