use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Address(String, String);

fn main() {}
