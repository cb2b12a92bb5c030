use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    distance = cosine,
    zero_vector = allowed,
    projects = NoteHit
))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    embedding: Embedding<3>,
}

#[derive(Projection)]
#[dynamo(of = Note)]
struct NoteHit {
    id: String,
}

fn main() {}
