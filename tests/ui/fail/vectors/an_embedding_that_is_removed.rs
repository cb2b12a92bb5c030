include!("../../notes.rs");

fn main() {
    let _ = Note::update(Note::key("1")).remove(Note::EMBEDDING);
}
