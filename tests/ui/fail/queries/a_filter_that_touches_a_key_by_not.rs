include!("../../entities.rs");

fn main() {
    let _ = User::by_email("a@example.com").filter(!User::EMAIL.begins_with("a"));
}
