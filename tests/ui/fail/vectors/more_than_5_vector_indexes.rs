use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(by_n0, name = "index-0", vector = embedding, distance = cosine, projects = NoteHit))]
#[dynamo(vector_index(by_n1, name = "index-1", vector = embedding, distance = cosine, projects = NoteHit))]
#[dynamo(vector_index(by_n2, name = "index-2", vector = embedding, distance = cosine, projects = NoteHit))]
#[dynamo(vector_index(by_n3, name = "index-3", vector = embedding, distance = cosine, projects = NoteHit))]
#[dynamo(vector_index(by_n4, name = "index-4", vector = embedding, distance = cosine, projects = NoteHit))]
#[dynamo(vector_index(by_n5, name = "index-5", vector = embedding, distance = cosine, projects = NoteHit))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    tenant: String,
    text: String,
    embedding: Embedding<3>,
}

#[derive(Projection)]
#[dynamo(of = Note)]
struct NoteHit {
    id: String,
}

fn main() {}
