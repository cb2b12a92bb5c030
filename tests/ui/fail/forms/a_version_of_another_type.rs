use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(version)]
    rvn: dynamo_runtime::VersionToken,
}

fn delete(version: Version) {
    let _ = Session::delete(Session::key("s")).at_version(version);
}

fn main() {}
