use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
#[dynamo(table = "users")]
struct UserId(String);

fn main() {}
