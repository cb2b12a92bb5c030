include!("../../entities.rs");

async fn save<E: Entity>(client: &SecureClient, entity: E) {
    let _ = E::put(entity).send(client).await;
}

fn main() {}
