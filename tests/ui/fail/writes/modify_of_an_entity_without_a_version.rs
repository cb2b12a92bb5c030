include!("../../entities.rs");

fn cancel(key: OrderKey) {
    let _ = Order::modify(key, |order| {
        order.status = "cancelled".to_owned();
        Ok(())
    });
}

fn main() {}
