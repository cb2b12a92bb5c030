include!("../../entities.rs");

async fn count(client: &SecureClient, key: SettingKey) {
    let _ = Setting::upsert(key).add(Setting::CHANGES, 1).send(client).await;
}

fn main() {}
