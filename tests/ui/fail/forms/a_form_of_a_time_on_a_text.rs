use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = epoch_millis)]
    seen_at: String,
    #[dynamo(form = rfc3339(digits = 3))]
    begun_at: Option<u64>,
}

fn main() {}
