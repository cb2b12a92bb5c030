use dynamo_runtime::prelude::*;

#[derive(Document)]
struct OldUser {
    id: String,
}

#[derive(Entity)]
#[dynamo(table = "users", upgrade = OldUser)]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
}

impl TryFrom<OldUser> for User {
    type Error = String;

    fn try_from(old: OldUser) -> Result<Self, String> {
        Err(old.id)
    }
}

fn main() {}
