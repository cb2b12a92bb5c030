use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
#[dynamo(index(by_email, name = "gsi1", partition_key("gsi1pk") = "EMAIL#{email}"))]
struct Customer {
    customer_id: String,
    email: String,
}

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "CONTACT#{contact_id}")]
#[dynamo(index(by_email, name = "gsi1", partition_key("gsi1pk") = "EMAIL#{email}"))]
struct Contact {
    customer_id: String,
    contact_id: u32,
    email: String,
}

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ORDER#{order_id}")]
#[dynamo(index(by_status, name = "gsi1", partition_key("gsi1pk") = "STATUS#{status}", sort_key("gsi1sk") = "{order_id}"))]
struct Order {
    customer_id: String,
    order_id: u32,
    status: String,
}

/// In one index with the customers, and never at one key with them.
#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "NOTE#{note_id}")]
#[dynamo(index(by_topic, name = "gsi1", partition_key("gsi1pk") = "TOPIC#{topic}"))]
struct Note {
    customer_id: String,
    note_id: u32,
    topic: String,
}

#[derive(Collection)]
enum CustomerItem {
    Customer(Customer),
    Contact(Contact),
    Order(Order),
    Note(Note),
}

fn main() {}
