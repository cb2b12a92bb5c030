include!("../../entities.rs");

fn delete(user: User) {
    let _ = User::delete(user).if_exists();
}

fn main() {}
