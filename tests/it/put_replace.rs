use dynamo_runtime::prelude::*;

use crate::entities::{Reading, User, client, reading, reading_key, user, user_key};

#[tokio::test]
async fn a_put_checks_its_condition_and_raises_the_version() {
    let client = client().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let changed = User { email: "new@example.com".to_owned(), ..created.clone() };
    let refused = User::put(changed.clone())
        .condition(User::EMAIL.eq("other@example.com"))
        .send(&client)
        .await
        .unwrap_err();
    assert_eq!(refused.current(), Some(&created));
    let put = User::put(changed.clone())
        .condition(User::EMAIL.eq(&created.email))
        .send(&client)
        .await
        .unwrap();
    assert_eq!(put, User { version: Version::new(2), ..changed });
    assert_eq!(put.created_at, created.created_at);
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), Some(put));
}

#[tokio::test]
async fn a_stale_copy_is_not_written() {
    let client = client().await;
    let stale = User::create(user("u1")).send(&client).await.unwrap();
    let fresh = User::replace(stale.clone()).send(&client).await.unwrap();
    let error = User::replace(stale.clone()).send(&client).await.unwrap_err();
    assert_eq!(error.current(), Some(&fresh));
    let holds = User::EMAIL.eq(&stale.email);
    let error = User::put(stale).condition(holds).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && !error.is_absent());
}

#[tokio::test]
async fn a_replace_needs_an_item() {
    let client = client().await;
    let error = User::replace(user("u1")).send(&client).await.unwrap_err();
    assert!(error.is_absent());
    let error = Reading::put(reading("s", 1)).if_exists().send(&client).await.unwrap_err();
    assert!(error.is_absent());
}

#[tokio::test]
async fn a_put_of_an_entity_that_was_never_stored_makes_its_first_version() {
    let client = client().await;
    let never_stored = User { created_at: Timestamp::EPOCH, ..user("u1") };
    let put = User::put(never_stored).condition(User::USER_ID.not_exists());
    let put = put.send(&client).await.unwrap();
    assert_eq!(put.version, Version::FIRST);
    assert!(put.created_at > Timestamp::EPOCH);
    let error = User::put(user("u1")).condition(User::USER_ID.exists()).send(&client).await;
    assert_eq!(error.unwrap_err().current(), Some(&put));
}

#[tokio::test]
async fn a_put_gives_back_what_it_has_written_over() {
    let client = client().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let changed = User { email: "new@example.com".to_owned(), ..created.clone() };
    let put = User::put(changed.clone()).if_exists().returning_old().send(&client).await.unwrap();
    assert_eq!(put.old, Some(created));
    assert_eq!(put.new, User { version: Version::new(2), ..changed });
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), Some(put.new));

    let new = Reading::put_unconditionally(reading("s", 1)).returning_old();
    let new = new.send_with_metadata(&client).await.unwrap().value;
    assert_eq!((new.new, new.old), (reading("s", 1), None));
}

#[tokio::test]
async fn a_put_that_fails_gives_back_the_item_in_its_error() {
    let client = client().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let stale = User { version: Version::new(7), ..created.clone() };
    let error = User::put(stale).if_exists().returning_old().send(&client).await.unwrap_err();
    assert_eq!(error.current(), Some(&created));
}

#[tokio::test]
async fn an_old_item_that_was_lost_with_its_response_is_an_unknown_outcome() {
    let (client, engine) = crate::entities::engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let changed = User { email: "new@example.com".to_owned(), ..created };
    engine.faults().lose_response("PutItem");
    let put = User::put(changed.clone()).if_exists().returning_old();
    let error = put.send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error}");
    let found = User::get(user_key("u1")).send(&client).await.unwrap().unwrap();
    assert_eq!(found.email, changed.email);
}

#[tokio::test]
async fn a_declared_unconditional_put_overwrites() {
    let client = client().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let other = Reading { count: 7, ..reading("s", 1) };
    Reading::put_unconditionally(other.clone()).send(&client).await.unwrap();
    assert_eq!(Reading::get(reading_key("s", 1)).send(&client).await.unwrap(), Some(other));
}

#[tokio::test]
async fn a_version_at_its_end_is_an_error_before_sending() {
    let (client, engine) = crate::entities::engine().await;
    let before = engine.requests().len();
    let last = User { version: Version::new(u64::MAX), ..user("u1") };
    let error = User::replace(last).send(&client).await.unwrap_err();
    assert!(error.as_error().is_invalid(), "{error}");
    assert_eq!(engine.requests().len(), before);
}
