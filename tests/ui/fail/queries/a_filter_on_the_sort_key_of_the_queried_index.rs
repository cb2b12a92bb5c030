include!("../../entities.rs");

fn main() {
    let _ = Order::by_status("new").filter(Order::PLACED_AT.lt(Timestamp::EPOCH));
}
