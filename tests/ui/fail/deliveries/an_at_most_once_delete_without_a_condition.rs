include!("../../entities.rs");

async fn forget(key: UserKey, client: &SecureClient) {
    let _ = User::delete(key).at_most_once().send(client).await;
}

fn main() {}
