use dynamo_runtime::UnknownAttributes;
use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", deny_unknown)]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
    #[dynamo(unknown, default)]
    more: UnknownAttributes,
}

fn main() {}
