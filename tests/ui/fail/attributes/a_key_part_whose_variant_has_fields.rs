use dynamo_runtime::prelude::*;

#[derive(KeyPart)]
enum UserId {
    Number(u64),
}

fn main() {}
