use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = epoch_milis)]
    seen_at: Timestamp,
    #[dynamo(form = "json")]
    data: String,
    #[dynamo(form = protobuf)]
    blob: Vec<u8>,
    #[dynamo(form)]
    note: String,
}

fn main() {}
