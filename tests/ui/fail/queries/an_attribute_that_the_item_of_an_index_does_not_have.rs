use dynamo_runtime::prelude::*;

#[derive(Projection)]
#[dynamo(of = User)]
struct Contact {
    email: String,
}

#[derive(Entity)]
#[dynamo(table = "users")]
#[dynamo(index(by_email, name = "email-index", partition_key = email, projects = Contact))]
struct User {
    #[dynamo(partition_key)]
    id: String,
    email: String,
    age: u32,
}

async fn age(client: &SecureClient) -> Option<u32> {
    let page = User::by_email("a@example.com").page(client).await.ok()?;
    page.items.first().map(|item| item.age)
}

async fn user(client: &SecureClient) -> Option<User> {
    let page = User::by_email("a@example.com").page(client).await.ok()?;
    page.items.into_iter().next()
}

fn main() {}
