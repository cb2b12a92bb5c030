include!("../../entities.rs");

fn forget(key: UserKey) {
    let _ = User::delete_unconditionally(key);
}

fn main() {}
