use dynamo_runtime::prelude::*;

struct OldUser {
    id: String,
}

#[derive(Entity)]
#[dynamo(table = "users", upgrade = OldUser)]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
}

impl From<OldUser> for User {
    fn from(old: OldUser) -> Self {
        Self { user_id: old.id }
    }
}

fn main() {}
