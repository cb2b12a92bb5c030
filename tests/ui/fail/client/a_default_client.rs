use dynamo_runtime::SecureClient;

fn main() {
    let _ = SecureClient::default();
}
