include!("../../entities.rs");

fn read() {
    let _ = Order::get((CustomerId("c".to_owned()), OrderId(1)));
}

fn main() {}
