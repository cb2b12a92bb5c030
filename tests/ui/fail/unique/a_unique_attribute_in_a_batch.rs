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
    let user = User { id: 1, email: "a@example.com".to_owned(), version: Version::UNSAVED };
    let _ = BatchWrite::new().put(user);
}
