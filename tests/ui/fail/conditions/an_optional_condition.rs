include!("../../entities.rs");

fn update(key: UserKey, condition: Option<dynamo_runtime::Condition<User>>) {
    let _ = User::update(key).set(User::AGE, 5_u32).condition(condition);
}

fn main() {}
