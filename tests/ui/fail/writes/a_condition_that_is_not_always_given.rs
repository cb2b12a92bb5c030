//! A write has a condition in each of its ways; the first one makes it one that can be sent.

include!("../../entities.rs");

async fn in_a_branch(client: &SecureClient, key: UserKey, is_strict: bool) {
    let mut update = User::update(key).set(User::AGE, 3);
    if is_strict {
        update = update.condition(User::AGE.gt(1));
    }
    let _ = update.send(client).await;
}

async fn in_a_loop(client: &SecureClient, key: UserKey) {
    let mut delete = User::delete(key);
    for tag in ["a", "b"] {
        delete = delete.condition(User::TAGS.contains(tag));
    }
    let _ = delete.send(client).await;
}

fn main() {}
