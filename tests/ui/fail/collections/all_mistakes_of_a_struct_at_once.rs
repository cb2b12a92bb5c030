use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "customers")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ORDER#{order_id}")]
struct Order {
    customer_id: String,
    order_id: u32,
}

#[derive(Collection)]
struct Twice<T> {
    first: Order,
    #[dynamo(rename = "x")]
    others: Vec<Order>,
    more: Vec<T>,
}

#[derive(Collection)]
struct Tuple(Order);

#[derive(Collection)]
struct Nothing;

#[derive(Collection)]
struct Plain {
    order: Order,
    note: String,
}

fn main() {}
