use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(version(starts_at = -1))]
    version: Version,
}

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Other {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(version(begins = 0))]
    version: Version,
}

fn main() {}
