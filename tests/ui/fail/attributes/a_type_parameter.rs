use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User<T> {
    #[dynamo(partition_key)]
    user_id: String,
    extra: T,
}

fn main() {}
