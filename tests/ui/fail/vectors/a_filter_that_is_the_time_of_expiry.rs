use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, distance = cosine, filter(expires_at), projects = NoteHit))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    tenant: String,
    text: String,
    embedding: Embedding<3>,
    #[dynamo(ttl)]
    expires_at: Timestamp,
}

#[derive(Projection)]
#[dynamo(of = Note)]
struct NoteHit {
    id: String,
    expires_at: Timestamp,
}

fn main() {}
