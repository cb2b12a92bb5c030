include!("../../entities.rs");

fn save(user: User) {
    let _ = User::put(user).condition("email = :e");
}

fn main() {}
