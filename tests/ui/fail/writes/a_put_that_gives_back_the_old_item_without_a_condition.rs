include!("../../entities.rs");

fn save(user: User) {
    let _ = User::put(user).returning_old();
}

fn main() {}
