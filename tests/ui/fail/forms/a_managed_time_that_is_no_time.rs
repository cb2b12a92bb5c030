use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(created_at, form = base64)]
    created_at: Timestamp,
    #[dynamo(version, form = json)]
    version: Version,
    #[dynamo(updated_at, null_when_none)]
    updated_at: Timestamp,
}

fn main() {}
