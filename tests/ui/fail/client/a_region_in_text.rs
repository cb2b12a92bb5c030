use dynamo_runtime::prelude::*;

fn main() {
    let _ = SecureClient::builder().region("us-east-1");
}
