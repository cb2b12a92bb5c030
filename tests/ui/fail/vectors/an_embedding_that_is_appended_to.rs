include!("../../notes.rs");

fn main() {
    let _ = Note::update(Note::key("1")).append(Note::EMBEDDING, [0.5]);
}
