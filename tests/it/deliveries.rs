//! Writes that are applied exactly once, and those that are never sent again.

use std::time::Duration;

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

use crate::entities::{Reading, User, engine, reading, reading_key, user, user_key};

const WRITE: &str = "TransactWriteItems";

fn sent(engine: &LocalEngine, operation: &str) -> usize {
    engine.requests().iter().filter(|request| request.operation() == operation).count()
}

/// The tokens of the transactions that arrived.
fn tokens(engine: &LocalEngine) -> Vec<String> {
    let requests = engine.requests();
    let writes = requests.iter().filter(|request| request.operation() == WRITE);
    let token = |body: &[u8]| {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap();
        body["ClientRequestToken"].as_str().unwrap().to_owned()
    };
    writes.map(|request| token(request.body())).collect()
}

#[tokio::test]
async fn a_write_that_arrives_twice_is_applied_once() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    engine.faults().lose_response(WRITE);
    engine.faults().cancel(WRITE, &["TransactionConflict"]);
    engine.faults().lose_response(WRITE);
    let add = Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1).if_exists();
    let response = add.exactly_once().response(&client).await.unwrap();
    assert_eq!((response.attempts, response.may_be_applied_twice), (4, false));
    let found = Reading::get(reading_key("s", 1)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 1);
    let tokens = tokens(&engine);
    assert!(tokens.len() == 4 && tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}

#[tokio::test]
async fn every_single_write_can_be_applied_exactly_once() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).exactly_once().send(&client).await.unwrap();
    assert_eq!(created.version, Version::FIRST);
    let put = User::put(created).condition(User::EMAIL.exists()).exactly_once();
    let put = put.send(&client).await.unwrap();
    let replaced = User::replace(put).exactly_once().send(&client).await.unwrap();
    assert_eq!(replaced.version, Version::new(3));
    let update = User::update(user_key("u1")).set(User::EMAIL, "new@example.com");
    update.at_version(replaced.version).exactly_once().send(&client).await.unwrap();
    let modified = User::modify(user_key("u1"), |user| {
        user.email.push('x');
        Ok(())
    });
    let modified = modified.exactly_once().deadline(Duration::MAX).send(&client).await.unwrap();
    assert_eq!((&*modified.email, modified.version), ("new@example.comx", Version::new(5)));
    User::delete_entity(&modified).exactly_once().send(&client).await.unwrap();
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), None);

    let put = Reading::put_unconditionally(reading("s", 1)).exactly_once();
    assert_eq!(put.send(&client).await.unwrap(), reading("s", 1));
    let upsert = Reading::upsert_unconditionally(reading_key("s", 2)).set(Reading::COUNT, 2);
    upsert.exactly_once().send(&client).await.unwrap();
    let upsert = Reading::upsert(reading_key("s", 2)).add(Reading::COUNT, 1).if_exists();
    upsert.exactly_once().send(&client).await.unwrap();
    let found = Reading::get(reading_key("s", 2)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 3);
    Reading::delete_unconditionally(reading_key("s", 2))
        .exactly_once()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(sent(&engine, WRITE), 10);
    for single in ["PutItem", "UpdateItem", "DeleteItem"] {
        assert_eq!(sent(&engine, single), 0, "{single}");
    }
    let tokens = tokens(&engine);
    let different: std::collections::BTreeSet<_> = tokens.iter().collect();
    assert_eq!(different.len(), tokens.len());
}

#[tokio::test]
async fn a_failed_condition_has_the_current_item() {
    let (client, engine) = engine().await;
    let stored = User::create(user("u1")).send(&client).await.unwrap();
    let error = User::create(user("u1")).exactly_once().send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && !error.is_absent() && !error.is_outcome_unknown());
    assert_eq!(error.current(), Some(&stored));
    let shown = error.to_string();
    let words = "User::create: the key is taken: an item with this key exists (request ";
    assert!(shown.starts_with(words), "{shown}");
    assert_eq!(error.as_error().attempts(), 1);
    let error = User::delete(user_key("u2")).if_exists().exactly_once().send(&client).await;
    let error = error.unwrap_err();
    assert!(error.is_absent() && error.current().is_none());
    assert_eq!(error.as_error().code(), Some("ConditionalCheckFailedException"));
    assert_eq!(sent(&engine, WRITE), 2);
}

#[tokio::test]
async fn what_is_no_failed_condition_is_told_as_what_it_is() {
    let (client, engine) = engine().await;
    for _ in 0..8 {
        engine.faults().cancel(WRITE, &["TransactionConflict"]);
    }
    let error = User::create(user("u1")).exactly_once().send(&client).await.unwrap_err();
    assert!(!error.is_condition_failed() && !error.is_outcome_unknown());
    assert!(error.as_error().is_cancelled() && !error.as_error().is_throttled());
    assert_eq!((error.as_error().attempts(), sent(&engine, WRITE)), (8, 8));
    let words = "User::create: the transaction was cancelled: action 1, User::create: another request \
                 was working on the item; nothing of it was applied";
    assert!(error.to_string().starts_with(words), "{error}");
    for _ in 0..8 {
        engine.faults().cancel(WRITE, &["ThrottlingError"]);
    }
    let error = User::create(user("u1")).exactly_once().send(&client).await.unwrap_err();
    assert!(Error::from(error).is_throttled());
}

#[tokio::test]
async fn an_earlier_try_of_a_transaction_is_not_forgotten() {
    let (client, engine) = engine().await;
    // A response is lost, a conflict follows, and then the condition fails: the first attempt may
    // still arrive.
    let lose_and_conflict = || {
        engine.faults().drop_request(WRITE);
        engine.faults().cancel(WRITE, &["TransactionConflict"]);
    };
    User::create(user("u1")).send(&client).await.unwrap();
    lose_and_conflict();
    let error = Transaction::new().create(user("u1")).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{error}");
    assert!(!error.to_string().contains("nothing of it was applied"), "{error}");
    lose_and_conflict();
    let error = User::create(user("u1")).exactly_once().send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{error}");
    assert!(error.current().is_some());
    assert_eq!(engine.faults().pending(), 0);
}

#[tokio::test]
async fn a_deadline_is_within_the_life_of_the_token() {
    let (client, engine) = engine().await;
    let before = engine.requests().len();
    let create = || User::create(user("u1")).exactly_once();
    let error = create().deadline(Duration::from_secs(601)).send(&client).await.unwrap_err();
    assert!(error.as_error().is_invalid(), "{error}");
    assert_eq!(
        error.to_string(),
        "User::create: the deadline is longer than 10 minutes, after which DynamoDB forgets the client token and would apply the transaction again"
    );
    let create_of_action = User::create(user("u1")).deadline(Duration::from_secs(601));
    let error = create_of_action.exactly_once().send(&client).await.unwrap_err();
    assert!(error.as_error().is_invalid(), "{error}");
    assert_eq!(engine.requests().len(), before);
    create().deadline(Duration::from_mins(10)).send(&client).await.unwrap();
}

/// Sends each write at most once, and requires that one whose response is lost was sent once.
macro_rules! sent_once {
    ($client:ident, $engine:ident: $($operation:literal $write:expr,)*) => {
        $(
            $engine.forget_requests();
            $engine.faults().drop_request($operation);
            let error = $write.at_most_once().send(&$client).await.unwrap_err();
            assert!(error.is_outcome_unknown() && !error.is_condition_failed(), "{error}");
            assert!(!error.may_be_applied_twice());
            assert_eq!(sent(&$engine, $operation), 1, "{}", stringify!($write));
            // What was rejected is sent again all the same.
            $engine.faults().fail($operation, 400, "ProvisionedThroughputExceededException");
            $write.at_most_once().send(&$client).await.unwrap();
        )*
    };
}

#[tokio::test]
async fn every_single_write_can_be_sent_at_most_once() {
    let (client, engine) = engine().await;
    let at = |version| User { version: Version::new(version), ..user("u1") };
    let update = |version| {
        let update = User::update(user_key("u1")).set(User::EMAIL, "new@example.com");
        update.at_version(Version::new(version))
    };
    sent_once! { client, engine:
        "PutItem" User::create(user("u1")),
        "PutItem" User::put(at(1)).condition(User::EMAIL.exists()),
        "PutItem" User::replace(at(2)),
        "UpdateItem" update(3),
        "UpdateItem" update(4).returning_new(),
        "PutItem" User::modify(user_key("u1"), |user| { user.email.push('x'); Ok(()) }),
        "DeleteItem" User::delete_entity(&at(6)),
        "UpdateItem" Reading::upsert(reading_key("s", 1)).set(Reading::COUNT, 1).condition(Reading::COUNT.not_exists()),
        "UpdateItem" Reading::upsert_unconditionally(reading_key("s", 1)).set(Reading::COUNT, 1),
        "DeleteItem" Reading::delete(reading_key("s", 1)).if_exists().returning_old(),
        "PutItem" Reading::put_unconditionally(reading("s", 1)),
        "DeleteItem" Reading::delete_unconditionally(reading_key("s", 1)),
    }
}

#[tokio::test]
async fn a_delivery_shows_no_value() {
    let secret = || User { email: "secret@example.com".to_owned(), ..user("u1") };
    let shown = format!("{:?}", User::put(secret()).if_exists().exactly_once());
    assert!(shown.starts_with("ExactlyOnce(Put") && !shown.contains("secret"), "{shown}");
}
