include!("../../entities.rs");

struct Note;

fn save(note: Note) {
    let _ = BatchWrite::new().put(note);
}

fn main() {}
