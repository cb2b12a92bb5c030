use dynamo_runtime::prelude::*;

#[derive(KeyPart)]
struct UserId(String, u64);

fn main() {}
