use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Article {
    #[dynamo(flatten)]
    title: String,
}

fn main() {}
