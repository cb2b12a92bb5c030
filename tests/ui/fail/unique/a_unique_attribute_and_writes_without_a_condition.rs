use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", partition_key("pk") = "USER#{id}", allow(scan, unconditional_put, unconditional_delete, unconditional_upsert, load))]
struct User {
    id: u32,
    #[dynamo(unique = "EMAIL#{email}")]
    email: String,
    #[dynamo(version)]
    version: Version,
}

fn main() {}
