include!("../../entities.rs");

fn main() {
    let _ = Order::key(CustomerId("c1".to_owned()));
}
