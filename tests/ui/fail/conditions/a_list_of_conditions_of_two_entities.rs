include!("../../entities.rs");

fn main() {
    let _ = all_of([User::AGE.eq(42), Order::NOTE.exists()]);
}
