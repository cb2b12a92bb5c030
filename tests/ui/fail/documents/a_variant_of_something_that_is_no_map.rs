use dynamo_runtime::prelude::*;

#[derive(Document)]
#[dynamo(tag = "type")]
enum Payment {
    Cash,
    Cheque(String),
}

fn main() {}
