use dynamo_runtime::SecureClient;

fn client(client: &SecureClient) {
    let SecureClient { inner } = client;
}

fn main() {}
