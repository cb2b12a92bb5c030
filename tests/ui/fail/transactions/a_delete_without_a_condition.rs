include!("../../entities.rs");

fn forget(key: UserKey) {
    let _ = Transaction::new().delete(User::delete(key));
}

fn main() {}
