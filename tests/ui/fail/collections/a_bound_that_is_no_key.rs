//! A bound is a key, and neither the entity nor a text.

include!("../../shop.rs");

#[derive(Collection)]
enum Item {
    Order(Order),
}

fn of_entity(order: Order) {
    let _ = Item::query(CustomerId("c1".to_owned())).starting_at(&order);
}

fn of_text() {
    let _ = Item::query(CustomerId("c1".to_owned())).under("ORDER#");
}

fn main() {}
