use dynamo_runtime::prelude::*;

struct Contact {
    id: String,
    email: String,
}

#[derive(Entity)]
#[dynamo(table = "users")]
#[dynamo(index(by_email, name = "email-index", partition_key = email, projects = Contact))]
struct User {
    #[dynamo(partition_key)]
    id: String,
    email: String,
}

fn main() {}
