use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Address {
    #[dynamo(partition_key)]
    city: String,
}

fn main() {}
