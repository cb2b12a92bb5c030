use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", allow(scan), allow(scan))]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
}

fn main() {}
