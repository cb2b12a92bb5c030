//! Responses lost on purpose: what was applied is told from what is not known.

use std::time::Duration;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

use crate::entities::{Reading, User, engine, reading, reading_key, user, user_key};

fn sent(engine: &LocalEngine, operation: &str) -> usize {
    engine.requests().iter().filter(|request| request.operation() == operation).count()
}

#[tokio::test]
async fn a_create_whose_response_is_lost_succeeds() {
    let (client, engine) = engine().await;
    engine.faults().lose_response("PutItem");
    let response = User::create(user("u1")).send_with_metadata(&client).await.unwrap();
    assert_eq!((response.attempts, response.value.version), (2, Version::FIRST));
    assert!(response.may_be_applied_twice);
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), Some(response.value));
    assert_eq!(sent(&engine, "PutItem"), 2);
}

#[tokio::test]
async fn a_create_over_another_item_is_no_success() {
    let (client, engine) = engine().await;
    let theirs = User::create(user("u1")).send(&client).await.unwrap();
    engine.faults().lose_response("PutItem");
    let ours = User { email: "ours@example.com".to_owned(), ..user("u1") };
    let error = User::create(ours).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed());
    assert_eq!(error.current(), Some(&theirs));
    // The lost response may have been a success that another writer has overwritten since.
    assert!(error.is_outcome_unknown());
}

#[tokio::test]
async fn an_add_whose_response_is_lost_is_not_sent_again() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let add = Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1).if_exists();
    let error = add.send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_condition_failed(), "{error}");
    assert_eq!(error.as_error().attempts(), 1);
    assert_eq!(sent(&engine, "UpdateItem"), 1);
    let found = Reading::get(reading_key("s", 1)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 1);
}

#[tokio::test]
async fn an_add_that_never_arrived_is_not_known_either() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().drop_request("UpdateItem");
    let add = Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1).if_exists();
    let error = add.send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    let found = Reading::get(reading_key("s", 1)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 0);
}

#[tokio::test]
async fn a_versioned_put_whose_response_is_lost_succeeds() {
    let (client, engine) = engine().await;
    let created = Dated::create(dated()).send(&client).await.unwrap();
    engine.faults().lose_response("PutItem");
    let changed = Dated { email: "new@example.com".to_owned(), ..created };
    let response =
        Dated::put(changed).condition(Dated::EMAIL.exists()).send_with_metadata(&client).await;
    let response = response.unwrap();
    assert_eq!((response.attempts, response.value.version), (2, Version::new(2)));
    assert_eq!(Dated::get(Dated::key("u1")).send(&client).await.unwrap(), Some(response.value));
}

#[tokio::test]
async fn an_unversioned_put_is_not_sent_again() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().lose_response("PutItem");
    let error = Reading::replace(reading("s", 1)).send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(sent(&engine, "PutItem"), 2);
}

/// A user with the time of the last write, which tells whose it was.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users")]
struct Dated {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    #[dynamo(version)]
    version: Version,
    #[dynamo(updated_at)]
    updated_at: Timestamp,
    #[dynamo(ttl)]
    expires_at: Option<Timestamp>,
}

fn dated() -> Dated {
    Dated {
        user_id: "u1".to_owned(),
        email: "u1@example.com".to_owned(),
        version: Version::UNSAVED,
        updated_at: Timestamp::EPOCH,
        expires_at: None,
    }
}

#[tokio::test]
async fn an_update_at_a_version_succeeds_if_what_is_there_is_what_was_sent() {
    let (client, engine) = engine().await;
    let created = Dated::create(dated()).send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let updated = Dated::update(Dated::key("u1"))
        .set(Dated::EMAIL, "new@example.com")
        .remove(Dated::EXPIRES_AT)
        .at_version(created.version)
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    assert_eq!((&*updated.email, updated.version), ("new@example.com", Version::new(2)));
    assert_eq!(Dated::get(Dated::key("u1")).send(&client).await.unwrap(), Some(updated));
    assert_eq!(sent(&engine, "UpdateItem"), 2);
}

#[tokio::test]
async fn what_has_no_time_of_its_write_is_not_told_from_anothers() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let update = User::update(user_key("u1")).set(User::EMAIL, "new@example.com");
    let error = update.at_version(created.version).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{error}");
    // The caller sees what is there all the same.
    assert_eq!(error.current().map(|user| &*user.email), Some("new@example.com"));

    engine.faults().lose_response("PutItem");
    let error = Reading::create(reading("s", 1)).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{error}");
    assert_eq!(error.current(), Some(&reading("s", 1)));
}

#[tokio::test]
async fn an_update_at_a_version_cannot_tell_what_it_does_not_see() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let error = User::update(user_key("u1"))
        .set(User::EMAIL, "new@example.com")
        .at_version(created.version)
        .returning_old()
        .send(&client)
        .await
        .unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown());
    assert_eq!(error.current().map(|user| user.version), Some(Version::new(2)));
}

#[tokio::test]
async fn an_update_that_lost_to_another_writer_is_no_success() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let update = |email: &str| {
        User::update(user_key("u1")).set(User::EMAIL, email).at_version(created.version)
    };
    update("theirs@example.com").send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let error = update("ours@example.com").send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown());
    assert_eq!(error.current().map(|user| user.email.as_str()), Some("theirs@example.com"));
}

#[tokio::test]
async fn a_delete_whose_response_is_lost_may_have_been_anothers() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    engine.faults().lose_response("DeleteItem");
    let error = User::delete_entity(&created).send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown() && error.is_absent(), "{error}");
    assert!(error.may_be_applied_twice());
    assert_eq!(sent(&engine, "DeleteItem"), 2);
    // What never arrived is done by the second attempt.
    let again = User::create(user("u1")).send(&client).await.unwrap();
    engine.faults().drop_request("DeleteItem");
    let response = User::delete_entity(&again).send_with_metadata(&client).await.unwrap();
    assert_eq!((response.attempts, response.may_be_applied_twice), (2, true));
}

#[tokio::test]
async fn attempts_that_were_rejected_are_no_danger() {
    let (client, engine) = engine().await;
    engine.faults().fail("PutItem", 400, "ProvisionedThroughputExceededException");
    let response = User::create(user("u1")).send_with_metadata(&client).await.unwrap();
    assert_eq!((response.attempts, response.may_be_applied_twice), (2, false));
    engine.faults().lose_response("GetItem");
    let response = User::get(user_key("u1")).send_with_metadata(&client).await.unwrap();
    assert_eq!((response.attempts, response.may_be_applied_twice), (2, false));
}

#[tokio::test]
async fn a_delete_without_a_condition_is_not_sent_again() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().lose_response("DeleteItem");
    let error = Reading::delete_unconditionally(reading_key("s", 1)).send(&client).await;
    assert!(error.unwrap_err().is_outcome_unknown());
    assert_eq!(sent(&engine, "DeleteItem"), 1);
}

#[tokio::test]
async fn a_read_whose_response_is_lost_or_damaged_is_sent_again() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    engine.faults().lose_response("GetItem");
    let response = User::get(user_key("u1")).send_with_metadata(&client).await.unwrap();
    assert_eq!((response.value, response.attempts), (Some(created.clone()), 2));
    engine.faults().corrupt_response("GetItem");
    let response = User::get(user_key("u1")).send_with_metadata(&client).await.unwrap();
    assert_eq!((response.value, response.attempts), (Some(created), 2));
}

#[tokio::test]
async fn a_damaged_answer_to_an_add_is_not_believed() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().corrupt_response("UpdateItem");
    let add = Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1);
    let error = add.if_exists().returning_new().send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown() && error.as_error().is_integrity(), "{error}");
}

#[tokio::test]
async fn a_deadline_leaves_the_outcome_of_a_write_unknown() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().delay("UpdateItem", Duration::from_secs(5));
    let add = Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1).if_exists();
    let error = add.deadline(Duration::from_millis(200)).send(&client).await.unwrap_err();
    assert!(error.as_error().is_timeout() && error.is_outcome_unknown(), "{error}");
    engine.faults().delay("GetItem", Duration::from_secs(5));
    let get = Reading::get(reading_key("s", 1)).deadline(Duration::from_millis(200));
    let error = get.send(&client).await.unwrap_err();
    assert!(error.is_timeout() && error.attempts() >= 1 && !error.is_outcome_unknown());
}

#[tokio::test]
async fn throttling_is_retried_for_every_write() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().fail("UpdateItem", 400, "ProvisionedThroughputExceededException");
    let add = Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1).if_exists();
    let response = add.returning_new().send_with_metadata(&client).await.unwrap();
    assert_eq!((response.value.count, response.attempts), (1, 2));
}

#[tokio::test]
async fn a_server_error_leaves_an_add_unknown_and_a_create_retried() {
    let (client, engine) = engine().await;
    engine.faults().fail("PutItem", 500, "InternalServerError");
    let created = User::create(user("u1")).send_with_metadata(&client).await.unwrap();
    assert_eq!(created.attempts, 2);
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().fail("UpdateItem", 500, "InternalServerError");
    let add = Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1).if_exists();
    let error = add.send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(
        (error.as_error().attempts(), error.as_error().code()),
        (1, Some("InternalServerError"))
    );
}

#[tokio::test]
async fn an_update_after_which_others_have_written_is_no_success() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let theirs = || User::update(user_key("u1")).set(User::EMAIL, "same@example.com").if_exists();
    theirs().send(&client).await.unwrap();
    theirs().send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let ours = User::update(user_key("u1")).set(User::EMAIL, "same@example.com");
    let error = ours.at_version(created.version).send(&client).await.unwrap_err();
    // What was sent is there, but at a version that this update cannot have made.
    assert!(error.is_condition_failed() && error.is_outcome_unknown());
    assert_eq!(error.current().map(|user| user.version), Some(Version::new(3)));
}

#[tokio::test]
async fn an_update_that_should_have_removed_what_is_there_is_no_success() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let later = Timestamp::now() + Duration::from_mins(1);
    let theirs = User::update(user_key("u1")).set(User::EXPIRES_AT, later).if_exists();
    theirs.send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let ours = User::update(user_key("u1")).remove(User::EXPIRES_AT);
    let error = ours.at_version(created.version).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown());
}
