include!("../../entities.rs");

fn save(user: User) {
    let _ = User::put(user).if_not_exists();
}

fn main() {}
