use dynamo_runtime::prelude::*;

#[derive(Document)]
#[dynamo(table = "addresses")]
struct Address {
    city: String,
}

fn main() {}
