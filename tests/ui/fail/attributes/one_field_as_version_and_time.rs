use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    #[dynamo(version, updated_at)]
    version: Version,
}

fn main() {}
