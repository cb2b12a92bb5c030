use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", partition_key("pk") = "USER#{id}", index(by_name, name = "gsi1", partition_key("gsi1pk") = "{name}#{email}"))]
struct User {
    id: u32,
    #[dynamo(unique = "EMAIL#{email}")]
    email: String,
    #[dynamo(version)]
    version: Version,
    name: String,
}

fn main() {}
