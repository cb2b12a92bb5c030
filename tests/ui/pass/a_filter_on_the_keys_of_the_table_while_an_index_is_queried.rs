include!("../entities.rs");

fn main() {
    let customer_id = || CustomerId("c1".to_owned());
    let _ = Order::by_status("new").filter(Order::CUSTOMER_ID.eq(customer_id()));
    let _ = Order::by_status("new").filter(Order::ORDER_ID.gt(OrderId(5)));
    let _ = Order::by_total(customer_id()).filter(Order::STATUS.eq("new"));
    let _ = Order::query(customer_id()).filter(Order::STATUS.eq("new").or(Order::NOTE.exists()));
    let _ = User::by_email("a@example.com").filter(!User::USER_ID.eq(UserId("u1".to_owned())));
}
