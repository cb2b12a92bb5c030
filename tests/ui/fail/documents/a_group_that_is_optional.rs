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
    #[dynamo(flatten)]
    audit: Option<Audit>,
}

fn main() {}
