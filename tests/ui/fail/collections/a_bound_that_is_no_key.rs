//! A bound is a key, and neither the entity nor a text.

include!("../../shop.rs");

#[derive(Collection)]
enum Item {
    Order(Order),
}

fn of_entity(order: Order) {
    let _ = Item::query("c1").starting_at(&order);
}

fn of_text() {
    let _ = Item::query("c1").under("ORDER#");
}

fn main() {}
