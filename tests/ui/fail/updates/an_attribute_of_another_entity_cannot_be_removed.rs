include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).remove(Order::NOTE);
}

fn main() {}
