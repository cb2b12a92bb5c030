use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
struct Customer {
    customer_id: String,
}

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ORDER#{order_id}")]
struct Order {
    customer_id: String,
    order_id: u32,
    #[dynamo(ttl)]
    expires_at: Timestamp,
}

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "SESSION#{session_id}")]
struct Session {
    customer_id: String,
    session_id: u32,
    #[dynamo(ttl)]
    ends_at: Timestamp,
}

#[derive(Entity)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "VOUCHER#{voucher_id}")]
struct Voucher {
    customer_id: String,
    voucher_id: u32,
    expires_at: String,
}

#[derive(Collection)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
    Session(Session),
    Voucher(Voucher),
}

fn main() {}
