include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL == "a@example.com";
}
