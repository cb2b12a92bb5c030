use dynamo_runtime::prelude::*;

#[derive(KeyPart)]
struct UserId<'a>(&'a str);

fn main() {}
