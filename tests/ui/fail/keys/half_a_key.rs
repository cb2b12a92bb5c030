include!("../../entities.rs");

fn main() {
    let _ = OrderKey { customer_id: CustomerId("c1".to_owned()) };
}
