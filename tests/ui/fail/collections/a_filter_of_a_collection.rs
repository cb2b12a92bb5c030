//! A condition is on one entity, and a collection has several.

include!("../../shop.rs");

#[derive(Collection)]
enum Item {
    Order(Order),
}

#[derive(Collection)]
struct Account {
    orders: Vec<Order>,
}

fn main() {
    let _ = Item::query(CustomerId("c1".to_owned())).filter(Order::STATUS.eq(1));
    let _ = Account::query(CustomerId("c1".to_owned())).filter(Order::STATUS.eq(1));
}
