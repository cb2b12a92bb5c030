include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(User::EMAIL, None);
}

fn main() {}
