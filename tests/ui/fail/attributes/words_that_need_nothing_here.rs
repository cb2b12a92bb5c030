use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[dynamo(optional)]
    nickname: Option<String>,
}

fn main() {}
