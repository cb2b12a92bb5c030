include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).remove(User::EMAIL);
}

fn main() {}
