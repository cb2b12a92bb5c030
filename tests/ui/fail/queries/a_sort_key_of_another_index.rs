include!("../../entities.rs");

fn main() {
    let _ = Order::by_status("new").order_id(OrderId(5));
}
