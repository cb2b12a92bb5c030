use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, distance = cosine, filter(f00, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f14, f15, f16, f17, f18), projects = NoteHit))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    tenant: String,
    text: String,
    embedding: Embedding<3>,
    f00: u8,
    f01: u8,
    f02: u8,
    f03: u8,
    f04: u8,
    f05: u8,
    f06: u8,
    f07: u8,
    f08: u8,
    f09: u8,
    f10: u8,
    f11: u8,
    f12: u8,
    f13: u8,
    f14: u8,
    f15: u8,
    f16: u8,
    f17: u8,
    f18: u8,
}

#[derive(Projection)]
#[dynamo(of = Note)]
struct NoteHit {
    id: String,
}

fn main() {}
