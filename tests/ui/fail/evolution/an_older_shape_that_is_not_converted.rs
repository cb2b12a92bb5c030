use dynamo_runtime::prelude::*;

#[derive(Document)]
struct OldUser {
    id: String,
}

#[derive(Entity)]
#[dynamo(table = "users", upgrade = OldUser)]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
}

fn main() {}
