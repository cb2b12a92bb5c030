use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", partition_key("pk") = "USER#{id}")]
struct User {
    id: u32,
    #[dynamo(unique = "USER#{email}")]
    email: String,
    #[dynamo(version)]
    version: Version,
    #[dynamo(unique = "{phone}")]
    phone: Option<u64>,
}

fn main() {}
