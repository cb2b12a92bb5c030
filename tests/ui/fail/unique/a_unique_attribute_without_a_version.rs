use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", partition_key("pk") = "USER#{id}")]
struct User {
    id: u32,
    #[dynamo(unique = "EMAIL#{email}")]
    email: String,
    name: String,
}

fn main() {}
