use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug)]
#[dynamo(tabel = "users", rename_all = "camel", allow(unconditional_put, everything))]
#[dynamo(index(by_email, partition_key = emial))]
#[dynamo(index(create, name = "a b", partition_key = nickname))]
struct User {
    #[dynamo(partition_key, default)]
    user_id: String,
    #[dynamo(partition_key)]
    email: String,
    #[dynamo(skip, ttl)]
    nickname: Option<String>,
    #[dynamo(version, table = "users")]
    version: Version,
    #[dynamo(rename = "version")]
    revision: u64,
}

// What the entity would have without its mistakes is there, so nothing is said of these uses.
async fn uses(client: &SecureClient, user: User) {
    let key = User::key("u1");
    let _ = User::get(key.clone()).send(client).await;
    let _ = User::update(key).set(User::EMAIL, "a@example.com").if_exists().send(client).await;
    let _ = User::put(user).condition(User::REVISION.gt(5)).send(client).await;
}

fn main() {}
