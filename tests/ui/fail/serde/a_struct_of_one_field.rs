use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Wrapped(#[dynamo(serde)] std::time::Duration);

fn main() {}
