use dynamo_runtime::prelude::*;

async fn connect() {
    let _ = SecureClient::builder().credentials(Credentials::environment());
}

fn main() {}
