use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq)]
struct Position(f64);

fn main() {}
