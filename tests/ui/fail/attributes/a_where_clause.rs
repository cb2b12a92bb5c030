use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User
where
    String: Clone,
{
    #[dynamo(partition_key)]
    user_id: String,
}

fn main() {}
