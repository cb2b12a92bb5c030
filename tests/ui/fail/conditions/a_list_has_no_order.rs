include!("../../entities.rs");

fn main() {
    let _ = User::TAGS.gt(vec!["a".to_owned()]);
}
