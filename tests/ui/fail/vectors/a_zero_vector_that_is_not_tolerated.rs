include!("../../notes.rs");

fn main() {
    let nothing = Embedding::from([0.0, 0.0, 0.0]);
    let _ = Note::by_meaning("ann", nothing).top(10).tolerating_zero_vector();
}
