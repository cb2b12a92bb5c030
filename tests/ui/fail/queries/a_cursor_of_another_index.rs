include!("../../entities.rs");

use dynamo_runtime::operation::Cursor;

fn next(cursor: Cursor<Order, OrderByStatus>) {
    let _ = Order::query(CustomerId("c1".to_owned())).after(cursor);
}

fn main() {}
