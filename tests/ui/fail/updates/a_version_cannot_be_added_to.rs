include!("../../entities.rs");

fn change(key: UserKey) {
    let _ = User::update(key).add(User::VERSION, 1);
}

fn main() {}
