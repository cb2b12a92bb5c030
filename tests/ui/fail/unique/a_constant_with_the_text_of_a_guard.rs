use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "members", constant("type") = "_unique")]
#[dynamo(partition_key("pk") = "MEMBER#{member_id}")]
struct Member {
    member_id: String,
    #[dynamo(unique = "EMAIL#{email}")]
    email: String,
    #[dynamo(version)]
    version: Version,
}

fn main() {}
