include!("../../entities.rs");

fn check(key: UserKey) {
    let _ = Transaction::new().check(key, Order::STATUS.eq("new"));
}

fn main() {}
