// An entity with two vector indexes, and what they have of it.

use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    of = text,
    distance = cosine,
    partition_key = tenant,
    filter(category, year),
    projects = NoteHit
))]
#[dynamo(vector_index(
    by_place,
    name = "place-index",
    vector = embedding,
    distance = euclidean,
    filter(category),
    projects = NoteHit
))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    tenant: String,
    category: String,
    year: u16,
    text: String,
    embedding: Embedding<3>,
}

#[derive(Projection, Clone, Debug)]
#[dynamo(of = Note)]
struct NoteHit {
    id: String,
    text: String,
}
