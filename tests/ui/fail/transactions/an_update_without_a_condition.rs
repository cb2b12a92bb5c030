include!("../../entities.rs");

fn rename(key: UserKey) {
    let _ = Transaction::new().update(User::update(key).set(User::EMAIL, "new@example.com"));
}

fn main() {}
