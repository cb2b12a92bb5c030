use dynamo_runtime::prelude::*;

async fn connect() {
    let _ = SecureClient::builder().build().await;
}

fn main() {}
