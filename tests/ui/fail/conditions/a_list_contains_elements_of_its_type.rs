include!("../../entities.rs");

fn main() {
    let _ = User::TAGS.contains(4);
}
