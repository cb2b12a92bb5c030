include!("../../entities.rs");

fn delete(key: UserKey) {
    let _ = User::delete(key).condition(User::VERSION.eq(3));
}

fn main() {}
