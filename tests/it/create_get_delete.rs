use dynamo_runtime::prelude::*;

use crate::engine::eventually;
use crate::entities::{Reading, User, client, reading, reading_key, user, user_key};

#[tokio::test]
async fn a_created_entity_is_read_as_it_was_given_back() {
    let client = client().await;
    let before = Timestamp::now();
    let created = User::create(user("u1")).send(&client).await.unwrap();
    assert_eq!(created.version, Version::FIRST);
    assert!(created.created_at >= before);
    let read = User::get(user_key("u1")).send(&client).await.unwrap();
    assert_eq!(read, Some(created));
}

#[tokio::test]
async fn every_value_survives() {
    let client = client().await;
    let full = Reading {
        delta: Some(-128),
        remark: Some("\u{1F980} \"quoted\" \\ \n \u{0}".to_owned()),
        value: -0.1,
        count: u64::MAX,
        raw: (0..=255).collect(),
        ..reading("s", u32::MAX)
    };
    Reading::create(full.clone()).send(&client).await.unwrap();
    let bare = Reading {
        unit: None,
        taken_at: None,
        tags: Vec::new(),
        raw: Vec::new(),
        is_valid: false,
        ..reading("s", 0)
    };
    Reading::create(bare.clone()).send(&client).await.unwrap();
    for entity in [full, bare] {
        let read = Reading::get(entity.to_key()).send(&client).await.unwrap();
        assert_eq!(read, Some(entity));
    }
}

#[tokio::test]
async fn a_skipped_field_is_not_stored() {
    let client = client().await;
    let written = Reading { cached: Some("warm".to_owned()), ..reading("s", 1) };
    let given_back = Reading::create(written).send(&client).await.unwrap();
    assert_eq!(given_back.cached.as_deref(), Some("warm"));
    let read = Reading::get(reading_key("s", 1)).send(&client).await.unwrap().unwrap();
    assert_eq!(read.cached, None);
}

#[tokio::test]
async fn a_taken_key_is_not_overwritten() {
    let client = client().await;
    let first = User::create(user("u1")).send(&client).await.unwrap();
    let second = User { email: "other@example.com".to_owned(), ..user("u1") };
    let error = User::create(second).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && !error.is_absent() && !error.is_outcome_unknown());
    assert_eq!(error.current(), Some(&first));
    assert!(error.as_error().request_id().is_some());
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), Some(first));
}

#[tokio::test]
async fn an_absent_item_is_none() {
    let client = client().await;
    assert_eq!(User::get(user_key("nobody")).send(&client).await.unwrap(), None);
    let response = User::get(user_key("nobody"))
        .eventually_consistent()
        .send_with_metadata(&client)
        .await
        .unwrap();
    assert_eq!((response.value, response.attempts), (None, 1));
    assert!(response.request_id.is_some());
}

#[tokio::test]
async fn a_delete_gives_back_what_was_there() {
    let client = client().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let deleted =
        User::delete(user_key("u1")).if_exists().returning_old().send(&client).await.unwrap();
    assert_eq!(deleted, Some(created));
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), None);
}

#[tokio::test]
async fn a_delete_of_an_absent_item_says_so() {
    let client = client().await;
    let error = User::delete(user_key("u1")).if_exists().send(&client).await.unwrap_err();
    assert!(error.is_absent());
    assert_eq!(error.current(), None);
}

#[tokio::test]
async fn a_delete_keeps_to_its_condition() {
    let client = client().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let error = User::delete(user_key("u1"))
        .condition(User::EMAIL.eq("other@example.com"))
        .send(&client)
        .await
        .unwrap_err();
    assert!(error.is_condition_failed() && !error.is_absent());
    assert_eq!(error.into_current(), Some(created.clone()));
    User::delete(user_key("u1"))
        .condition(User::EMAIL.eq(&created.email))
        .send(&client)
        .await
        .unwrap();
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), None);
}

#[tokio::test]
async fn a_delete_of_an_entity_in_hand_checks_its_version() {
    let client = client().await;
    let old = User::create(user("u1")).send(&client).await.unwrap();
    let new = User::replace(old.clone()).send(&client).await.unwrap();
    let error = User::delete_entity(&old).send(&client).await.unwrap_err();
    assert_eq!(error.current(), Some(&new));
    let error = User::delete(user_key("u1")).at_version(old.version).send(&client).await;
    assert!(error.unwrap_err().is_condition_failed());
    User::delete_entity(&new).send(&client).await.unwrap();
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), None);
}

#[tokio::test]
async fn a_declared_unconditional_delete_needs_no_item() {
    let client = client().await;
    Reading::delete_unconditionally(reading_key("s", 1)).send(&client).await.unwrap();
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    Reading::delete_unconditionally(reading_key("s", 1)).send(&client).await.unwrap();
    assert_eq!(Reading::get(reading_key("s", 1)).send(&client).await.unwrap(), None);
}

#[tokio::test]
async fn hostile_text_is_only_ever_a_value() {
    let client = client().await;
    for text in ["\" OR attribute_exists(user_id)", "#0", ":0", "}", "\\", "' --", "\u{0}"] {
        let entity = User { email: text.to_owned(), ..user(text) };
        let created = User::create(entity).send(&client).await.unwrap();
        let found = async || User::by_email(text).items(&client).collect().await.unwrap();
        eventually(vec![created], found).await;
        let error = User::delete(user_key(text)).condition(User::EMAIL.eq("no")).send(&client);
        assert!(error.await.unwrap_err().is_condition_failed());
    }
}
