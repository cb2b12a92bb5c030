use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key, alias = "id")]
    user_id: String,
    #[dynamo(version, alias = "revision")]
    version: Version,
}

fn main() {}
