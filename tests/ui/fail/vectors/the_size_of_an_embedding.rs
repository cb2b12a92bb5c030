include!("../../notes.rs");

fn main() {
    let _ = Note::EMBEDDING.size();
}
