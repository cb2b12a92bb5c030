//! Items that an older program, or a newer one, has written.

use dynamo_runtime::UnknownAttributes;
use dynamo_runtime::prelude::*;

mod aliases;
mod unknown;
mod upgrades;

/// A client with the table that all programs share.
async fn client() -> SecureClient {
    crate::engine::client().table::<Old>().build().await
}

/// What the first program stores.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people", allow(unconditional_put))]
struct Old {
    #[dynamo(partition_key)]
    id: String,
    mail: Option<String>,
    email: Option<String>,
    #[dynamo(default)]
    labels: Vec<String>,
    visits: Option<u32>,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

fn old(id: &str) -> Old {
    Old {
        id: id.to_owned(),
        mail: Some("a@example.com".to_owned()),
        email: None,
        labels: vec!["x".to_owned()],
        visits: Some(3),
        rest: UnknownAttributes::default(),
    }
}

async fn written(old: Old) -> SecureClient {
    let client = client().await;
    Old::put_unconditionally(old).send(&client).await.unwrap();
    client
}

async fn stored(client: &SecureClient, id: &str) -> Old {
    Old::get(Old::key(id)).send(client).await.unwrap().unwrap()
}
