include!("../../notes.rs");

fn main() {
    let _ = Note::by_place(Embedding::from([1.0, 0.0, 0.0])).consistent();
}
