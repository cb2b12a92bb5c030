use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    #[dynamo(rename = "email")]
    address: String,
}

fn main() {}
