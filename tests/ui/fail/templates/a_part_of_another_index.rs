include!("../../shop.rs");

fn find(monday: Timestamp) {
    let _ = Order::by_status(1).placed_at(monday);
}

fn main() {}
