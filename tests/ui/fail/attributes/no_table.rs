use dynamo_runtime::prelude::*;

#[derive(Entity)]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
}

fn main() {}
