use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
union User {
    user_id: u64,
    number: u64,
}

fn main() {}
