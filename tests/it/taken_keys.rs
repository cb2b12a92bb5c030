//! A write that requires that there is no item says that the key is taken.

use dynamo_runtime::prelude::*;

use crate::entities::{Reading, User, client, reading, reading_key, user, user_key};

const TAKEN: &str = "the key is taken: an item with this key exists";

#[tokio::test]
async fn a_create_says_so() {
    let client = client().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let error = User::create(user("u1")).send(&client).await.unwrap_err();
    let shown = error.to_string();
    assert!(shown.starts_with(&format!("User::create: {TAKEN} (request ")), "{shown}");
    assert!(error.is_condition_failed() && !error.is_absent());
}

#[tokio::test]
async fn a_transaction_says_so() {
    let client = client().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let error = User::create(user("u1")).exactly_once().send(&client).await.unwrap_err();
    let shown = error.to_string();
    assert!(shown.starts_with(&format!("User::create: {TAKEN} (request ")), "{shown}");
    let transaction = Transaction::new().check_absent(user_key("u1")).create(reading("s", 1));
    let error = transaction.send(&client).await.unwrap_err();
    assert_eq!(error.reasons()[0].to_string(), format!("User::check_absent: {TAKEN}"));
    assert!(error.to_string().contains(&format!("action 1, User::check_absent: {TAKEN};")));
}

#[tokio::test]
async fn other_writes_do_not() {
    let client = client().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let put = Reading::put(reading("s", 1)).condition(Reading::COUNT.eq(8)).send(&client).await;
    let update = Reading::update(reading_key("s", 1)).set(Reading::COUNT, 1);
    let update = update.condition(Reading::COUNT.eq(8)).send(&client).await;
    for error in [put.unwrap_err(), update.unwrap_err()] {
        let shown = error.to_string();
        assert!(shown.contains(": the condition failed: the item does not fulfil it"), "{shown}");
    }
    let replace = Reading::replace(reading("s", 2)).send(&client).await.unwrap_err();
    assert!(replace.to_string().contains("there is no such item"), "{replace}");
}
