use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(version(starts_at = 0))]
    rvn: dynamo_runtime::VersionToken,
}

fn main() {}
