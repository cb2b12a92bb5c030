include!("../../entities.rs");

fn main() {
    let _ = Order::by_status("new").filter(Order::STATUS.ne("old").or(Order::TOTAL.gt(5)));
}
