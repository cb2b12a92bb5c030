include!("../../notes.rs");

fn main() {
    let _ = NoteByMeaning::YEAR.eq("2026");
}
