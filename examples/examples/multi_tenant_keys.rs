//! Keys made of fields for the tenants of one table: whatever a tenant calls its things, no key of
//! one is a key of another, and no query crosses a border.

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct Tenant(String);

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "files")]
#[dynamo(partition_key("pk") = "TENANT#{tenant}")]
#[dynamo(sort_key("sk") = "FILE#{folder}#{name}")]
struct File {
    tenant: Tenant,
    folder: String,
    name: String,
    bytes: u64,
}

fn file(tenant: &str, folder: &str, name: &str) -> File {
    let tenant = Tenant(tenant.to_owned());
    File { tenant, folder: folder.to_owned(), name: name.to_owned(), bytes: 1 }
}

async fn names(client: &SecureClient, tenant: &str, folder: &str) -> Result<Vec<String>, Error> {
    let query = File::query(Tenant(tenant.to_owned())).folder(folder);
    let files = query.items(client).collect().await?;
    Ok(files.into_iter().map(|file| file.name).collect())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<File>().build().await?;

    // Tenants choose names that would run into each other if they were only put together.
    for file in [
        file("acme", "2026", "bill"),
        file("acme", "2026#bill", "copy"),
        file("acme", "20", "26#bill"),
        file("acme#FILE", "2026", "theirs"),
        file("acm", "e2026", "bill"),
    ] {
        File::create(file).send(&client).await?; // each is new: no key is taken
    }

    // The part is whole: `20` is no beginning of `2026`, and `2026` none of `2026#bill`.
    assert_eq!(names(&client, "acme", "2026").await?, ["bill"]);
    assert_eq!(names(&client, "acme", "20").await?, ["26#bill"]);
    assert_eq!(names(&client, "acme#FILE", "2026").await?, ["theirs"]);

    // All of a tenant, and of nobody else.
    let all = File::query(Tenant("acme".to_owned())).items(&client).collect().await?;
    assert_eq!(all.len(), 3);
    Ok(())
}
