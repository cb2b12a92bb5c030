use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde, form = json)]
    data: String,
    #[dynamo(skip, form = json, null_when_none)]
    shown: bool,
}

fn main() {}
