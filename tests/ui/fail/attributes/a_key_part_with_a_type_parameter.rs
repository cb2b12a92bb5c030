use dynamo_runtime::prelude::*;

#[derive(KeyPart)]
struct UserId<T>(T);

fn main() {}
