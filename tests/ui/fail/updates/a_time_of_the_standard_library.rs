include!("../../entities.rs");

fn update(key: UserKey) {
    let _ = User::update(key).set(User::EXPIRES_AT, std::time::SystemTime::now()).if_exists();
}

fn main() {}
