include!("../../shop.rs");

fn change(key: OrderKey) {
    let _ = Order::update(key).set(Order::ORDER_ID, 1);
}

fn main() {}
