include!("../../entities.rs");

async fn save(client: &SecureClient, user: User) {
    let _ = User::put(user).send(client).await;
}

fn main() {}
