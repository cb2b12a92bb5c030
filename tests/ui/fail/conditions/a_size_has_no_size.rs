include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.size().size();
}
