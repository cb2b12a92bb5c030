use dynamo_runtime::prelude::*;

async fn connect() {
    let _ = SecureClient::builder().region(Region::US_EAST_1).build().await;
}

fn main() {}
