use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", allow(everything))]
enum User {
    #[dynamo(rename = "r")]
    Registered { user_id: String },
}

#[derive(Entity)]
struct Order(String);

fn main() {}
