include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(Order::STATUS, "new");
}

fn main() {}
