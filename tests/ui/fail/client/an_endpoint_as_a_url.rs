use dynamo_runtime::prelude::*;

fn main() {
    let _ = SecureClient::builder().region(Region::US_EAST_1).endpoint("http://localhost:8000");
}
