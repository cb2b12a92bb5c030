include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(User::EMAIL, "a@example.com").exactly_once();
}

fn main() {}
