use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", partition_key("pk") = "USER#{id}")]
struct User {
    id: u32,
    #[dynamo(unique = "EMAIL#{email}")]
    email: String,
    #[dynamo(version)]
    version: Version,
}

fn main() {
    let _ = User::update(User::key(1_u32)).set(User::EMAIL, "a@example.com").if_exists();
}
