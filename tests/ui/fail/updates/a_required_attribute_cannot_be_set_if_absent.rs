include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set_if_absent(User::EMAIL, "new@example.com");
}

fn main() {}
