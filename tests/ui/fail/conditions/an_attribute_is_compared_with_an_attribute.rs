include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.eq(User::NICKNAME);
}
