use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    mail: String,
    #[dynamo(alias = "mail", alias = "email")]
    email: String,
}

fn main() {}
