use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users")]
struct User<const N: usize> {
    #[dynamo(partition_key)]
    user_id: String,
    digits: [u8; N],
}

fn main() {}
