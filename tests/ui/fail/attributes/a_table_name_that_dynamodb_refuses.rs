use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "my users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
}

fn main() {}
