use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Address;

fn main() {}
