include!("../../shop.rs");

fn find() {
    let _ = Order::by_status(1).consistent();
}

fn main() {}
