include!("../../entities.rs");

fn change(key: OrderKey) {
    let _ = Order::update(key).set(Order::ORDER_ID, OrderId(2));
}

fn main() {}
