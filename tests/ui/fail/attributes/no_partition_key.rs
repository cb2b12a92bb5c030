use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    user_id: String,
    email: String,
}

fn main() {}
