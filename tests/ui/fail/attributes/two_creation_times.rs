use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    #[dynamo(created_at)]
    created_at: Timestamp,
    #[dynamo(created_at)]
    made_at: Timestamp,
}

fn main() {}
