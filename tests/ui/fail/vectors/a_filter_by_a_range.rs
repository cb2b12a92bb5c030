include!("../../notes.rs");

fn main() {
    let _ = NoteByMeaning::YEAR.ge(2026);
}
