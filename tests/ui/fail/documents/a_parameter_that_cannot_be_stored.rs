use dynamo_runtime::prelude::*;

struct Street;

#[derive(Document)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Document)]
struct Streets {
    page: Page<Street>,
}

fn main() {}
