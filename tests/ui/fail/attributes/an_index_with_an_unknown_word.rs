use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", index(by_email, name = "email-index", hash_key = email))]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
}

fn main() {}
