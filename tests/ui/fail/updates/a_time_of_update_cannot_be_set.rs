include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(User::UPDATED_AT, Timestamp::now());
}

fn main() {}
