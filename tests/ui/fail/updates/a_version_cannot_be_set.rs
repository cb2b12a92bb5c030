include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set(User::VERSION, Version::FIRST);
}

fn main() {}
