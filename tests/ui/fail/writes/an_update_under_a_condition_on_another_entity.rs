include!("../../entities.rs");

fn rename(key: UserKey) {
    let _ = User::update(key).set(User::EMAIL, "new").condition(Order::STATUS.eq("new"));
}

fn main() {}
