include!("../../entities.rs");

fn main() {
    let _ = User::TAGS.begins_with(vec!["a".to_owned()]);
}
