include!("../../shop.rs");

fn find(customer: CustomerId) {
    let _ = Order::query(customer).order_id(1);
}

fn main() {}
