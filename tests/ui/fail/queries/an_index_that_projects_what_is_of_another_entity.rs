use dynamo_runtime::prelude::*;

#[derive(Projection)]
#[dynamo(of = Order)]
struct Total {
    total: u64,
}

#[derive(Entity)]
#[dynamo(table = "orders")]
struct Order {
    #[dynamo(partition_key)]
    id: String,
    total: u64,
}

#[derive(Entity)]
#[dynamo(table = "users")]
#[dynamo(index(by_email, name = "email-index", partition_key = email, projects = Total))]
struct User {
    #[dynamo(partition_key)]
    id: String,
    email: String,
}

fn main() {}
