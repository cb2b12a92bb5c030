include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(User::AGE, "42");
}

fn main() {}
