include!("../../entities.rs");

fn cancel(key: OrderKey, version: Version) {
    let _ = Order::update(key).set(Order::STATUS, "cancelled").at_version(version);
}

fn main() {}
