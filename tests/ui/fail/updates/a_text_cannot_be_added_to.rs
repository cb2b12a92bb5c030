include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).add(User::EMAIL, "more");
}

fn main() {}
