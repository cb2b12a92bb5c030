use dynamo_runtime::SecureClient;

fn secure(client: aws_sdk_dynamodb::Client) -> SecureClient {
    SecureClient::from(client)
}

fn main() {}
