use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
enum User {
    Registered { user_id: String },
    Guest,
}

fn main() {}
