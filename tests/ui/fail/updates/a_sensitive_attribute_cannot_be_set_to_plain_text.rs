include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(User::PASSWORD_HASH, "secret");
}

fn main() {}
