include!("../../entities.rs");

async fn rename(client: &SecureClient, key: UserKey) {
    let _ = User::update(key).set(User::EMAIL, "new@example.com").send(client).await;
}

fn main() {}
