include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).set("email", "new@example.com");
}

fn main() {}
