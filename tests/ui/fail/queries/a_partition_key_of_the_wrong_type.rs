include!("../../entities.rs");

fn main() {
    let _ = Order::query("c1");
}
