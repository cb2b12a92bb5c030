include!("../../entities.rs");

fn change(key: UserKey) {
    let update = User::update(key).set(User::EMAIL, "a@example.com").if_exists();
    let _ = update.exactly_once().returning_new();
}

fn main() {}
