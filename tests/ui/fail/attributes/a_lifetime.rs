use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User<'a> {
    #[dynamo(partition_key)]
    user_id: String,
    email: &'a str,
}

fn main() {}
