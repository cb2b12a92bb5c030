use dynamo_runtime::prelude::*;

struct Note {
    text: String,
}

fn main() {
    let _ = Note::create(Note { text: "a".to_owned() });
}
