use dynamo_runtime::prelude::*;

#[derive(Document)]
enum Status {
    Open,
    #[dynamo(other)]
    Unknown,
    #[dynamo(other)]
    Other(String),
}

fn main() {}
