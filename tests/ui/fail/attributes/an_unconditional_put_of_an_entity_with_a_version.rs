use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", allow(unconditional_put))]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    #[dynamo(version)]
    version: Version,
}

fn main() {}
