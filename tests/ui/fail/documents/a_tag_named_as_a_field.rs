use dynamo_runtime::prelude::*;

#[derive(Document)]
#[dynamo(tag = "number")]
enum Payment {
    Cash,
    Card { number: String },
}

fn main() {}
