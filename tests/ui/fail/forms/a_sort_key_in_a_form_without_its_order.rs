use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "files", index(by_hash, name = "hash-index", partition_key = hash, sort_key = meta))]
struct File {
    #[dynamo(partition_key)]
    owner: String,
    #[dynamo(sort_key, form = base64)]
    path: Vec<u8>,
    #[dynamo(form = base64_binary)]
    hash: Vec<u8>,
    #[dynamo(form = json, null_when_none)]
    meta: Option<String>,
}

fn main() {}
