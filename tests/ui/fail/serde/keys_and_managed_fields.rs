use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "profiles")]
struct Profile {
    #[dynamo(partition_key, serde)]
    id: String,
    #[dynamo(serde, sort_key)]
    number: u32,
    #[dynamo(version, serde)]
    version: Version,
    #[dynamo(created_at, serde)]
    created_at: Timestamp,
    #[dynamo(updated_at, serde)]
    updated_at: Timestamp,
    #[dynamo(ttl, serde)]
    expires_at: Timestamp,
}

fn main() {}
