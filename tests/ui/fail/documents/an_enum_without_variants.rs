use dynamo_runtime::prelude::*;

#[derive(Document)]
enum Never {}

fn main() {}
