#![deny(unused_must_use)]

include!("../../entities.rs");

async fn read(client: &SecureClient, keys: Vec<UserKey>) -> Result<(), dynamo_runtime::Error> {
    User::batch_get(keys).send(client).await?;
    BatchWrite::new().send(client).await?;
    Ok(())
}

fn main() {}
