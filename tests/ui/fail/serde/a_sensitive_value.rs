use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "profiles")]
struct Profile {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde)]
    token: Sensitive<String>,
}

fn main() {}
