include!("../../entities.rs");

fn main() {
    let _ = User::PASSWORD_HASH.eq("secret");
}
