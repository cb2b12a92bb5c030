include!("../../entities.rs");

fn cancel(key: OrderKey, version: Version) {
    let _ = Order::delete(key).at_version(version);
}

fn main() {}
