use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(ttl, form = epoch_millis)]
    expires_at: Timestamp,
}

fn main() {}
