use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", index(name = "email-index", partition_key = email))]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
}

fn main() {}
