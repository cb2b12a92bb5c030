include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.size().gt(User::TAGS.size());
}
