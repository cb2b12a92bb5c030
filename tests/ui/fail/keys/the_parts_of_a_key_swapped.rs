include!("../../entities.rs");

fn main() {
    let (customer_id, order_id) = (CustomerId("c1".to_owned()), OrderId(1));
    let _ = OrderKey { customer_id: order_id, order_id: customer_id };
}
