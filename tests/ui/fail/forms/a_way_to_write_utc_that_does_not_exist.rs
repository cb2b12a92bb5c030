use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = rfc3339(offset = "+01:00"))]
    seen_at: Timestamp,
    #[dynamo(form = rfc3339(digits = 4))]
    begun_at: Timestamp,
    #[dynamo(form = rfc3339(zone = "Z"))]
    ended_at: Timestamp,
}

fn main() {}
