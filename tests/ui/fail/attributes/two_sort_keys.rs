use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    #[dynamo(sort_key)]
    email: String,
    #[dynamo(sort_key)]
    name: String,
}

fn main() {}
