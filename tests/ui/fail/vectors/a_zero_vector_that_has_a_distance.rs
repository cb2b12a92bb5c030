use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(
    by_place,
    name = "place-index",
    vector = embedding,
    distance = euclidean,
    zero_vector = tolerated,
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
