use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "profiles", serde)]
struct Profile {
    #[dynamo(partition_key)]
    id: String,
}

fn main() {}
