use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "profiles")]
#[dynamo(index(by_email, name = "email-index", partition_key = email))]
struct Profile {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde)]
    email: String,
}

fn main() {}
