include!("../../entities.rs");

fn main() {
    let none = || Order::NOTE.exists();
    let _ = Order::by_status("new").filter(none().and(Order::STATUS.ne("old")));
    let _ = Order::by_status("new").filter(none().or(none()).or(Order::STATUS.ne("old")));

    let other = || Order::TOTAL.gt(5).or(Order::TOTAL.lt(1));
    let _ = Order::by_status("new").filter(other().and(Order::STATUS.ne("old")));
}
