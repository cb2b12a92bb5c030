include!("../../entities.rs");

fn main() {
    let _ = Order::query(CustomerId("c1".to_owned())).order_id(begins_with(OrderId(1)));
}
