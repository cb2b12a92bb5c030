include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.contains(4);
}
