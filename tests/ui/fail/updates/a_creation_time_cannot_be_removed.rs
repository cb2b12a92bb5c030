include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).remove(User::CREATED_AT);
}

fn main() {}
