include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).add(User::AGE, 0.5);
}

fn main() {}
