include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(User::EMAIL, 42);
}

fn main() {}
