use dynamo_runtime::prelude::*;

#[derive(Projection)]
#[dynamo(of = Session)]
struct Owned {
    token: String,
    owner: String,
}

#[derive(Entity)]
#[dynamo(table = "sessions")]
#[dynamo(index(by_owner, name = "owner-index", partition_key = owner, projects = Owned))]
struct Session {
    #[dynamo(partition_key)]
    token: String,
    owner: String,
    #[dynamo(ttl)]
    expires_at: Timestamp,
}

fn main() {}
