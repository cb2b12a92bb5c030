include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).add(User::EXPIRES_AT, 60);
}

fn main() {}
