use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Audit {
    created_by: String,
}

#[derive(Entity)]
#[dynamo(table = "articles")]
#[dynamo(index(by_audit, name = "audit-index", partition_key = audit))]
struct Article {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(flatten, sort_key, rename = "a")]
    audit: Audit,
}

fn main() {}
