include!("../../entities.rs");

fn main() {
    let _ = Order::by_total(CustomerId("c1".to_owned())).filter(Order::TOTAL.gt(5));
}
