use dynamo_runtime::prelude::*;

struct Note {
    text: String,
}

fn save<E: Entity>(entity: E) {
    let _ = E::create(entity);
}

fn main() {
    save(Note { text: "a".to_owned() });
}
