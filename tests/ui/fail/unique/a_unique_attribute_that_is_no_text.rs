use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", partition_key("pk") = "USER#{id}")]
struct User {
    id: u32,
    #[dynamo(unique = "WEIGHT#{weight}")]
    weight: f64,
    #[dynamo(version)]
    version: Version,
}

fn main() {}
