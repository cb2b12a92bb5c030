include!("../../shop.rs");

fn key(customer_id: CustomerId, placed_at: Timestamp) -> OrderKey {
    OrderKey { customer_id, placed_at }
}

fn main() {}
