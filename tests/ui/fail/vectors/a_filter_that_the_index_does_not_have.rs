include!("../../notes.rs");

fn main() {
    let _ = NoteByPlace::YEAR.eq(2026);
}
