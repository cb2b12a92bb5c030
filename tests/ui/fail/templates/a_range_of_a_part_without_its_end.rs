include!("../../shop.rs");

fn find(customer: CustomerId, monday: Timestamp) {
    let _ = Order::query(customer).placed_at(..monday);
}

fn main() {}
