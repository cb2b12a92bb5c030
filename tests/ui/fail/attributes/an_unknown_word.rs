use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", embed)]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
}

fn main() {}
