use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    #[allow(non_snake_case)]
    Email: String,
}

fn main() {}
