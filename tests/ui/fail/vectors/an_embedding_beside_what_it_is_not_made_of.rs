include!("../../notes.rs");

fn main() {
    let embedding = Embedding::from([1.0, 0.0, 0.0]);
    let _ = Note::update(Note::key("1")).set_with_embedding(Note::CATEGORY, "new", embedding);
}
