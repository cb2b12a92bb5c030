include!("../../notes.rs");

fn main() {
    let _ = Note::update(Note::key("1")).set(Note::EMBEDDING.at(0), 0.5);
}
