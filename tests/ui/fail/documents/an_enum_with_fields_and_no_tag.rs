use dynamo_runtime::prelude::*;

#[derive(Document)]
enum Payment {
    Cash,
    Card { number: String },
}

fn main() {}
