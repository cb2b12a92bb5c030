include!("../../entities.rs");

fn main() {
    let _ = User::NICKNAME.eq(4);
}
