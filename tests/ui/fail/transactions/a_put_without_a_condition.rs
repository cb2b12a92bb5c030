include!("../../entities.rs");

fn save(user: User, users: Vec<User>) {
    let _ = Transaction::new().put(User::put(user)).put_all(users.into_iter().map(User::put));
}

fn main() {}
