include!("../../entities.rs");

fn read() {
    let _ = Order::query(CustomerId("c".to_owned())).filter(|order: &Order| order.total > 5);
}

fn main() {}
