include!("../../entities.rs");

fn overwrite(user: User) {
    let _ = User::put_unconditionally(user);
}

fn main() {}
