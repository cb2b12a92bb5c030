use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Audit {
    created_by: String,
}

#[derive(Entity)]
#[dynamo(table = "articles")]
struct Article {
    #[dynamo(partition_key)]
    id: String,
    created_by: String,
    #[dynamo(flatten)]
    audit: Audit,
}

fn main() {}
