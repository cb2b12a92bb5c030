include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).subtract(User::IS_ACTIVE, true);
}

fn main() {}
