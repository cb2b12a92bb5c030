use dynamo_runtime::prelude::*;

#[derive(Document)]
#[dynamo(tag = "type")]
enum Payment {
    Cash,
    Card(String, u16),
}

fn main() {}
