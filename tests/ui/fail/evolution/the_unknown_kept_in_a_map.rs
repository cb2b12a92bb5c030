use std::collections::HashMap;

use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    #[dynamo(unknown)]
    rest: HashMap<String, String>,
}

fn main() {}
