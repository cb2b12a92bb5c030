include!("../../shop.rs");

fn change(key: OrderKey) {
    let _ = Order::update(key).set_index_key(OrderByDepotKey { country: None });
}

fn main() {}
