use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(unique = "EMAIL#{email}")]
    email: String,
    #[dynamo(version)]
    version: Version,
}

fn main() {}
