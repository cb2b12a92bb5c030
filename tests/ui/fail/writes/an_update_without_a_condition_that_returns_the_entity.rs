include!("../../entities.rs");

async fn rename(client: &SecureClient, key: UserKey) {
    let _ = User::update(key).set(User::AGE, 42).returning_new().response(client).await;
}

fn main() {}
