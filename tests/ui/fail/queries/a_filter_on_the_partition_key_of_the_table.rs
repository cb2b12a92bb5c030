include!("../../entities.rs");

fn main() {
    let _ = Order::query(CustomerId("c1".to_owned())).filter(Order::CUSTOMER_ID.exists());
}
