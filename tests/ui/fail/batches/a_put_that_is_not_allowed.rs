include!("../../entities.rs");

async fn save(client: &SecureClient, users: Vec<User>) {
    let _ = BatchWrite::new().put_all(users).send(client).await;
}

fn main() {}
