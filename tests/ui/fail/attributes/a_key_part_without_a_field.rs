use dynamo_runtime::prelude::*;

#[derive(KeyPart)]
struct UserId;

fn main() {}
