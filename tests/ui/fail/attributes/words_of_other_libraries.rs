use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table_name = "users")]
#[dynamo(global_index(by_email, name = "email-index", partition_key = email))]
struct User {
    #[dynamo(hash_key)]
    id: String,
    #[dynamo(range_key)]
    year: u16,
    email: String,
    #[dynamo(ignore)]
    cached: Option<String>,
}

fn main() {}
