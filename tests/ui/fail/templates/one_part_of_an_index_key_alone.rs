include!("../../shop.rs");

fn change(key: OrderKey) {
    let _ = Order::update(key).set(Order::DEPOT, 4);
}

fn main() {}
