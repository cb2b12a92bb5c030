include!("../../entities.rs");

fn change(key: UserKey) {
    let update = User::update(key).set(User::EMAIL, "a@example.com").if_exists();
    let _ = update.returning_new().exactly_once();
}

fn main() {}
