include!("../../entities.rs");

fn count(key: SettingKey) {
    let _ = Setting::upsert_unconditionally(key);
}

fn main() {}
