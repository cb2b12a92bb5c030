//! A field of a collection holds an entity, an `Option` or a `Vec` of one.

include!("../../shop.rs");

#[derive(Collection)]
struct OfOption {
    orders: Option<Vec<Order>>,
}

#[derive(Collection)]
struct OfOptions {
    orders: Vec<Option<Order>>,
}

#[derive(Collection)]
struct OfBox {
    order: Box<Order>,
}

#[derive(Collection)]
struct OfMap {
    orders: std::collections::HashMap<u32, Order>,
}

#[derive(Collection)]
enum OfItems {
    Orders(Vec<Order>),
}

fn main() {}
