include!("../../shop.rs");

fn change(key: OrderKey) {
    let _ = Order::update(key).add(Order::STATUS, 1);
}

fn main() {}
