include!("../../entities.rs");

async fn forget(client: &SecureClient, key: UserKey) {
    let _ = User::delete(key).send(client).await;
}

fn main() {}
