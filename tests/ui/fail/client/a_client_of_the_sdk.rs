include!("../../entities.rs");

async fn read(client: &aws_sdk_dynamodb::Client, key: UserKey) {
    let _ = User::get(key).send(client).await;
}

fn main() {}
