use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Card {
    number: String,
}

#[derive(Document)]
#[dynamo(tag = "number")]
enum Payment {
    Cash,
    Card(Card),
}

fn main() {}
