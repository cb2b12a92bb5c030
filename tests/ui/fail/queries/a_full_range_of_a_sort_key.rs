include!("../../entities.rs");

fn main() {
    let _ = Order::by_status("new").placed_at(..);
}
