include!("../../entities.rs");

fn main() {
    let _ = Order::by_status("new").placed_at("2025-01-01");
}
