include!("../../entities.rs");

fn read(key: UserKey) {
    let _ = Transaction::get(User::get(key));
}

fn main() {}
