use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "notes")]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    text: Option<String>,
}

impl Note {
    fn create(text: &str) -> Self {
        Self { id: "n1".to_owned(), text: Some(text.to_owned()) }
    }

    fn get(&self) -> Option<&str> {
        self.text.as_deref()
    }

    fn key(&self) -> &str {
        &self.id
    }
}

fn main() {
    let note = Note::create("a");
    assert_eq!((note.key(), note.get()), ("n1", Some("a")));
    let key = <Note as Entity>::key("n1");
    assert_eq!(note.to_key(), key);
    let _ = (<Note as Operations>::get(key), <Note as Operations>::create(note));
}
