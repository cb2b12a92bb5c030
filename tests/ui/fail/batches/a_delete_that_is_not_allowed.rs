include!("../../entities.rs");

async fn forget(client: &SecureClient, key: UserKey) {
    let _ = BatchWrite::new().delete(key).send(client).await;
}

fn main() {}
