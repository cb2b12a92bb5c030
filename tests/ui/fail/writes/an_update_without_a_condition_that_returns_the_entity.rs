include!("../../entities.rs");

async fn rename(client: &SecureClient, key: UserKey) {
    let _ = User::update(key).set(User::AGE, 42).returning_new().send_with_metadata(client).await;
}

fn main() {}
