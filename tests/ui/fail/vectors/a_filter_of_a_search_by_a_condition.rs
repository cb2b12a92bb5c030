include!("../../notes.rs");

fn main() {
    let search = Note::by_place(Embedding::from([1.0, 0.0, 0.0]));
    let _ = search.filter(Note::CATEGORY.eq("travel"));
}
