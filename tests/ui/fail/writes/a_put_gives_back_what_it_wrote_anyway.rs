include!("../../entities.rs");

fn save(user: User) {
    let _ = User::put(user).if_exists().returning_new();
}

fn main() {}
