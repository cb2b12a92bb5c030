include!("../../entities.rs");

struct Note;

fn save(note: Note) {
    let _ = Transaction::new().create(note);
}

fn main() {}
