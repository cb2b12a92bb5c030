include!("../../notes.rs");

async fn search(client: &SecureClient) {
    let _ = Note::by_place(Embedding::from([1.0, 0.0, 0.0])).send(client).await;
}

fn main() {}
