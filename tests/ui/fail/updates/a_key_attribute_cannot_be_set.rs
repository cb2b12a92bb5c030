include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(User::USER_ID, UserId("u2".to_owned()));
}

fn main() {}
