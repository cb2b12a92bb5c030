use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = cache, distance = cosine, projects = NoteHit))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    tenant: String,
    text: String,
    embedding: Embedding<3>,
    #[dynamo(skip)]
    cache: Vec<f32>,
}

#[derive(Projection)]
#[dynamo(of = Note)]
struct NoteHit {
    id: String,
}

fn main() {}
