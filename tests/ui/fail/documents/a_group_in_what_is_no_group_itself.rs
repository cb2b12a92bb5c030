use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

#[derive(Document)]
struct Audit {
    created_by: String,
}

#[derive(Document)]
struct Note {
    created_by: String,
    #[dynamo(flatten)]
    audit: Audit,
    #[dynamo(unknown)]
    unknown: UnknownAttributes,
}

#[derive(Document)]
#[dynamo(deny_unknown)]
struct Line {
    created_by: String,
    #[dynamo(flatten)]
    audit: Audit,
}

fn main() {}
