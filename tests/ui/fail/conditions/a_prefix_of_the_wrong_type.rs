include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.begins_with(4);
}
