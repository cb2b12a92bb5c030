use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo = "users"]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
}

fn main() {}
