include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).add(Order::TOTAL, 1);
}

fn main() {}
