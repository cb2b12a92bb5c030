include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.ne(42);
}
