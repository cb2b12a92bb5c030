use dynamo_runtime::prelude::*;

struct Street;

#[derive(Document)]
struct Address {
    city: String,
    street: Street,
    floors: Vec<usize>,
}

fn main() {}
