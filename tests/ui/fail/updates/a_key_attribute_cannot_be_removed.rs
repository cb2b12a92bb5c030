include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).remove(User::USER_ID);
}

fn main() {}
