include!("../../entities.rs");

fn overwrite(user: User) {
    let _ = User::put(user).exactly_once();
}

fn main() {}
