include!("../../entities.rs");

fn main() {
    let _ = Order::by_status("new").filter(Order::TOTAL.gt(5).and(Order::STATUS.ne("old")));
}
