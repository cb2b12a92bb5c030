use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Card {
    method: String,
}

#[derive(Document)]
#[dynamo(tag = "method")]
enum Payment {
    Cash,
    Card {
        #[dynamo(flatten)]
        card: Card,
    },
}

#[derive(Document)]
#[dynamo(tag = "kind")]
enum Shape {
    Circle {
        #[dynamo(alias = "kind")]
        radius: u32,
    },
}

fn main() {}
