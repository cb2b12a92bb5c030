use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "USER#{id}", sort_key("sk") = "PROFILE")]
struct User {
    id: u32,
    #[dynamo(unique = "EMAIL#{email}")]
    email: String,
    #[dynamo(version)]
    version: Version,
}

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "{kind}#{id}", sort_key("sk") = "NOTE")]
struct Note {
    kind: String,
    id: u32,
}

#[derive(Collection)]
enum ShopItem {
    User(User),
    Note(Note),
}

fn main() {}
