include!("../../entities.rs");

fn read(key: OrderKey) {
    let _ = Order::query(key);
}

fn main() {}
