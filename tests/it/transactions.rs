//! Transactions: all of it or nothing, once however often it arrives, and a reason for each action.

use std::time::Duration;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use dynamo_runtime::{Error, TransactionError};

use crate::entities::{
    Reading, ReadingKey, Session, SessionKey, User, client, engine, reading, reading_key, user,
    user_key,
};

const WRITE: &str = "TransactWriteItems";
const GET: &str = "TransactGetItems";

fn sent(engine: &LocalEngine, operation: &str) -> usize {
    engine.requests().iter().filter(|request| request.operation() == operation).count()
}

fn session(token: &str, expires_at: Timestamp) -> Session {
    Session {
        owner: "o".to_owned(),
        token: token.to_owned(),
        hits: 0,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        expires_at,
    }
}

fn session_key(token: &str) -> SessionKey {
    SessionKey { owner: "o".to_owned(), token: token.to_owned() }
}

fn later() -> Timestamp {
    Timestamp::now() + Duration::from_hours(1)
}

#[tokio::test]
async fn all_actions_are_applied_and_the_entities_given_back_as_written() {
    let client = client().await;
    let stored = User::create(user("u2")).send(&client).await.unwrap();
    let other = User::create(user("u3")).send(&client).await.unwrap();
    Reading::create_each(&client, [1, 2]).await;
    let changed = User { email: "new@example.com".to_owned(), ..stored.clone() };
    let response = Transaction::new()
        .create(user("u1"))
        .update(Reading::update(reading_key("s", 1)).add(Reading::COUNT, 5).if_exists())
        .replace(changed)
        .delete(Reading::delete(reading_key("s", 2)).if_exists())
        .put(User::put(other).condition(User::EMAIL.exists()))
        .check(reading_key("s", 0), Reading::NUMBER.eq(0))
        .check_absent(user_key("u9"))
        .create_all([reading("new", 1), reading("new", 2)])
        .send_with_metadata(&client)
        .await
        .unwrap();
    assert_eq!(response.attempts, 1);
    let (created, replaced, put, many) = response.value;
    assert_eq!(created.version, Version::FIRST);
    assert_eq!((replaced.version, put.version), (Version::new(2), Version::new(2)));
    assert_eq!(replaced.created_at, stored.created_at);
    assert_eq!(many, [reading("new", 1), reading("new", 2)]);
    for user in [created, replaced, put] {
        let key = User::key(user.user_id.clone());
        assert_eq!(User::get(key).send(&client).await.unwrap(), Some(user));
    }
    let found = Reading::get(reading_key("s", 1)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 5);
    assert_eq!(Reading::get(reading_key("s", 2)).send(&client).await.unwrap(), None);
}

trait CreateEach {
    async fn create_each(client: &SecureClient, numbers: impl IntoIterator<Item = u32>);
}

impl CreateEach for Reading {
    /// Those, and number 0.
    async fn create_each(client: &SecureClient, numbers: impl IntoIterator<Item = u32>) {
        let all = numbers.into_iter().chain([0]).map(|number| reading("s", number));
        let batch = BatchWrite::new().put_all(all);
        batch.send(client).await.unwrap().complete().unwrap();
    }
}

#[tokio::test]
async fn a_cancelled_one_applies_nothing_and_has_a_reason_for_each_action() {
    let client = client().await;
    let theirs = User::create(user("u1")).send(&client).await.unwrap();
    Reading::create_each(&client, [1]).await;
    let error = Transaction::new()
        .create(reading("s", 9))
        .create(user("u1"))
        .update(Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1).if_exists())
        .delete(Reading::delete(reading_key("s", 7)).if_exists())
        .check(reading_key("s", 0), Reading::COUNT.gt(5))
        .send(&client)
        .await
        .unwrap_err();
    assert!(error.is_cancelled() && error.is_condition_failed() && !error.is_outcome_unknown());
    let [created, user, updated, deleted, checked] = error.reasons() else { panic!("{error:?}") };
    assert!(created.is_none() && updated.is_none());
    assert!(created.current::<Reading>().is_none());
    assert!(user.is_condition_failed() && !user.is_absent());
    assert_eq!(user.current::<User>(), Some(&theirs));
    assert!(user.current::<Reading>().is_none());
    assert!(deleted.is_condition_failed() && deleted.is_absent());
    assert!(checked.is_condition_failed() && !checked.is_absent());
    assert_eq!(checked.current::<Reading>(), Some(&reading("s", 0)));
    assert_eq!((user.entity(), user.operation()), ("User", "create"));
    assert_eq!((checked.entity(), checked.operation()), ("Reading", "check"));
    assert_eq!(Reading::get(reading_key("s", 9)).send(&client).await.unwrap(), None);
    // A failed condition is not tried again.
    assert_eq!(error.as_error().attempts(), 1);
    let shown = error.to_string();
    assert!(
        shown.starts_with(
            "Transaction::write: the transaction was cancelled: \
             action 2, User::create: the key is taken: an item with this key exists; \
             action 4, Reading::delete: the condition failed: there is no such item; \
             action 5, Reading::check: the condition failed: the item does not fulfil it; \
             nothing of it was applied (request "
        ),
        "{shown}"
    );
    let error = Error::from(error);
    assert!(error.is_cancelled());
    assert_eq!(error.code(), Some("TransactionCanceledException"));
}

#[tokio::test]
async fn a_lost_response_is_applied_once() {
    let (client, engine) = engine().await;
    Reading::create_each(&client, []).await;
    engine.faults().lose_response(WRITE);
    let response = Transaction::new()
        .create(user("u1"))
        .update(Reading::update(reading_key("s", 0)).add(Reading::COUNT, 1).if_exists())
        .send_with_metadata(&client)
        .await
        .unwrap();
    assert_eq!(response.attempts, 2);
    let requests: Vec<_> =
        engine.requests().into_iter().filter(|request| request.operation() == WRITE).collect();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body(), requests[1].body());
    let found = Reading::get(reading_key("s", 0)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 1);
    let found = User::get(user_key("u1")).send(&client).await.unwrap();
    assert_eq!(found, Some(response.value.0));
}

#[tokio::test]
async fn each_transaction_has_a_token_of_its_own() {
    let client = client().await;
    Reading::create_each(&client, []).await;
    for _ in 0..2 {
        let add = Reading::update(reading_key("s", 0)).add(Reading::COUNT, 1).if_exists();
        Transaction::new().update(add).send(&client).await.unwrap();
    }
    let found = Reading::get(reading_key("s", 0)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 2);
}

#[tokio::test]
async fn a_token_of_the_callers_makes_a_second_call_harmless() {
    let client = client().await;
    Reading::create_each(&client, []).await;
    let add = |count: u64| {
        let add = Reading::update(reading_key("s", 0)).add(Reading::COUNT, count).if_exists();
        Transaction::new().update(add).client_token("order-1")
    };
    add(3).send(&client).await.unwrap();
    add(3).send(&client).await.unwrap();
    let found = Reading::get(reading_key("s", 0)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 3);
    let error = add(4).send(&client).await.unwrap_err();
    assert!(error.is_token_reused() && !error.is_cancelled() && error.reasons().is_empty());
    assert!(!error.is_outcome_unknown(), "{error}");
}

#[tokio::test]
async fn a_conflict_is_tried_again_and_a_failed_condition_beside_it_is_not() {
    let (client, engine) = engine().await;
    Reading::create_each(&client, []).await;
    let transaction = || {
        let add = Reading::update(reading_key("s", 0)).add(Reading::COUNT, 1).if_exists();
        Transaction::new().check_absent(user_key("u1")).update(add)
    };
    engine.faults().cancel(WRITE, &["None", "TransactionConflict"]);
    engine.faults().cancel(WRITE, &["ThrottlingError", "None"]);
    engine.faults().cancel(WRITE, &["ProvisionedThroughputExceeded", "TransactionConflict"]);
    let response = transaction().send_with_metadata(&client).await.unwrap();
    assert_eq!(response.attempts, 4);
    engine.faults().cancel(WRITE, &["ConditionalCheckFailed", "TransactionConflict"]);
    let error = transaction().send(&client).await.unwrap_err();
    assert_eq!(sent(&engine, WRITE), 5);
    let [checked, updated] = error.reasons() else { panic!("{error:?}") };
    assert!(checked.is_condition_failed() && updated.is_conflict() && error.is_conflict());
    let found = Reading::get(reading_key("s", 0)).send(&client).await.unwrap().unwrap();
    assert_eq!(found.count, 1);
}

#[tokio::test]
async fn a_conflict_that_does_not_end_is_given_up() {
    let (client, engine) = engine().await;
    for _ in 0..8 {
        engine.faults().cancel(WRITE, &["TransactionConflict"]);
    }
    let error = Transaction::new().create(user("u1")).send(&client).await.unwrap_err();
    assert!(error.is_conflict() && !error.is_condition_failed());
    assert_eq!((error.as_error().attempts(), sent(&engine, WRITE)), (8, 8));
    assert_eq!(engine.faults().pending(), 0);
}

#[tokio::test]
async fn every_reason_is_told() {
    let (client, engine) = engine().await;
    let codes =
        ["ItemCollectionSizeLimitExceeded", "ValidationError", "None", "ThrottlingError", "New"];
    engine.faults().cancel(WRITE, &codes);
    let create = Transaction::new().create_all((0..5).map(|number| reading("s", number)));
    let error = create.send(&client).await.unwrap_err();
    let [collection, invalid, none, throttled, new] = error.reasons() else { panic!("{error:?}") };
    assert!(collection.is_collection_too_large() && invalid.is_invalid() && none.is_none());
    assert!(throttled.is_throttled() && error.is_throttled());
    assert!(!new.is_none() && !new.is_invalid() && !new.is_condition_failed());
    // Reasons of another number than there are actions are about nothing that is known.
    engine.faults().cancel(WRITE, &["None", "ConditionalCheckFailed"]);
    let error = Transaction::new().create(user("u1")).send(&client).await.unwrap_err();
    assert!(error.is_cancelled() && error.reasons().is_empty(), "{error}");
}

/// Asserts that each gives an error, with this text, and that nothing was sent.
macro_rules! refused {
    ($client:ident, $engine:ident: $($transaction:expr => $message:expr,)*) => {{
        let before = $engine.requests().len();
        $(
            let error: TransactionError = $transaction.send(&$client).await.map(|_| ()).unwrap_err();
            assert!(error.as_error().is_invalid(), "{error}");
            assert_eq!(error.as_error().attempts(), 0);
            assert_eq!(error.to_string(), $message);
        )*
        assert_eq!($engine.requests().len(), before);
    }};
}

#[tokio::test]
async fn what_dynamodb_would_reject_is_an_error_before_sending() {
    let (client, engine) = engine().await;
    let large = |number| Reading { raw: vec![0; 400_000], ..reading("s", number) };
    let delete = || Reading::delete(reading_key("s", 1)).if_exists();
    refused! { client, engine:
        Transaction::new() => "Transaction::write: the transaction has no action",
        Transaction::new().create(reading("s", 1)).delete(delete())
            => "Reading::delete: another action of the transaction is on the same item, and DynamoDB allows one",
        Transaction::new().check_exists(reading_key("s", 1)).check_absent(reading_key("s", 1))
            => "Reading::check_absent: another action of the transaction is on the same item, and DynamoDB allows one",
        Transaction::new().create_all((0..101).map(|number| reading("s", number)))
            => "Transaction::write: the transaction has 101 actions, and DynamoDB allows 100",
        Transaction::new().create_all((0..11).map(large))
            => "Transaction::write: the items of the transaction have 4401043 bytes, and DynamoDB allows 4194304",
        Transaction::new().create(user("")) => "User::create: the key attribute `user_id` is empty",
        Transaction::new().update(Reading::update(reading_key("s", 1)).if_exists())
            => "Reading::update: the update has no action: add `.set(..)`, `.add(..)` or another before `.send(..)`",
        Transaction::new().check(reading_key("s", 1), any_of(Vec::<dynamo_runtime::Condition<Reading>>::new()))
            => "Reading::check: `any_of` was given an empty list, which would leave no condition at all",
        Transaction::new().create(user("u")).client_token("")
            => "Transaction::write: the client token must have 1 to 36 characters",
        Transaction::new().create(user("u")).client_token("x".repeat(37))
            => "Transaction::write: the client token must have 1 to 36 characters",
        Transaction::new().create(user("u")).deadline(Duration::from_secs(601))
            => "Transaction::write: the deadline is longer than 10 minutes, after which DynamoDB forgets the client token and would apply the transaction again",
        Transaction::get(Vec::<dynamo_runtime::operation::Get<User>>::new())
            => "Transaction::get: the transaction has no action",
        Transaction::get((User::get(user_key("u")), User::get(user_key("u"))))
            => "User::get: another action of the transaction is on the same item, and DynamoDB allows one",
    }
    let most = Transaction::new().create_all((0..100).map(|number| reading("s", number)));
    assert_eq!(most.send(&client).await.unwrap().0.len(), 100);
}

#[tokio::test]
async fn the_guards_are_those_of_the_single_operations() {
    let client = client().await;
    let stale = User::create(user("u1")).send(&client).await.unwrap();
    let fresh = User::replace(stale.clone()).send(&client).await.unwrap();
    let error = Transaction::new().replace(stale.clone()).send(&client).await.unwrap_err();
    assert_eq!(error.reasons()[0].current::<User>(), Some(&fresh));
    let error = Transaction::new().delete(User::delete_entity(&stale)).send(&client).await;
    assert!(error.unwrap_err().reasons()[0].is_condition_failed());
    let at_version = |version| {
        let update = User::update(user_key("u1")).set(User::EMAIL, "new@example.com");
        Transaction::new().update(update.at_version(version))
    };
    assert!(at_version(stale.version).send(&client).await.unwrap_err().is_condition_failed());
    at_version(fresh.version).send(&client).await.unwrap();
    let found = User::get(user_key("u1")).send(&client).await.unwrap().unwrap();
    assert_eq!((found.version, &*found.email), (Version::new(3), "new@example.com"));
    // An update makes no item, and a check of what is not there fails.
    let update = Reading::update(reading_key("s", 1)).add(Reading::COUNT, 1);
    let update = update.condition(Reading::UNIT.ne("kelvin"));
    let error = Transaction::new().update(update).send(&client).await.unwrap_err();
    assert!(error.reasons()[0].is_absent());
    let check = Transaction::new().check(reading_key("s", 1), Reading::UNIT.ne("kelvin"));
    assert!(check.send(&client).await.unwrap_err().reasons()[0].is_absent());
}

#[tokio::test]
async fn expired_items_count_as_absent() {
    let client = client().await;
    let past = Timestamp::now() - Duration::from_mins(1);
    for (token, expires_at) in [("old", past), ("alive", later())] {
        Session::create(session(token, expires_at)).send(&client).await.unwrap();
    }
    let update = Session::update(session_key("old")).add(Session::HITS, 1).if_exists();
    let error = Transaction::new().update(update).send(&client).await.unwrap_err();
    let [reason] = error.reasons() else { panic!("{error:?}") };
    assert!(reason.is_absent() && reason.current::<Session>().is_some());
    let error = Transaction::new().check_exists(session_key("old")).send(&client).await;
    assert!(error.unwrap_err().reasons()[0].is_absent());
    let error = Transaction::new().check_absent(session_key("alive")).send(&client).await;
    assert!(error.unwrap_err().is_condition_failed());
    Transaction::new()
        .check_absent(session_key("old"))
        .check_exists(session_key("alive"))
        .send(&client)
        .await
        .unwrap();
    let (again,) = Transaction::new().create(session("old", later())).send(&client).await.unwrap();
    assert!(again.created_at > Timestamp::EPOCH && again.updated_at > Timestamp::EPOCH);
    assert_eq!(Session::get(session_key("old")).send(&client).await.unwrap(), Some(again));
}

#[tokio::test]
async fn several_items_are_read_at_one_moment() {
    let (client, engine) = engine().await;
    let stored = User::create(user("u1")).send(&client).await.unwrap();
    Reading::create_each(&client, [1]).await;
    let past = Timestamp::now() - Duration::from_mins(1);
    let expired = Session::create(session("old", past)).send(&client).await.unwrap();
    let get = Transaction::get((
        User::get(user_key("u1")),
        Reading::get(reading_key("s", 7)),
        Session::get(session_key("old")),
    ));
    engine.faults().cancel(GET, &["None", "TransactionConflict", "None"]);
    engine.faults().lose_response(GET);
    let response = get.send_with_metadata(&client).await.unwrap();
    assert_eq!(response.value, (Some(stored), None, None));
    assert_eq!(response.attempts, 3);
    let of = |number| Reading::get(reading_key("s", number));
    let [zero, two, one] = Transaction::get([of(0), of(2), of(1)]).send(&client).await.unwrap();
    assert_eq!((zero, two, one), (Some(reading("s", 0)), None, Some(reading("s", 1))));
    let many = Transaction::get((0..3).map(of).collect::<Vec<_>>()).send(&client).await.unwrap();
    assert_eq!(many, [Some(reading("s", 0)), Some(reading("s", 1)), None]);
    let with_expired = Session::get(session_key("old")).including_expired();
    let found = Transaction::get((with_expired,)).send(&client).await.unwrap();
    assert_eq!(found, (Some(expired),));
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Session)]
struct Hits {
    hits: u32,
}

#[tokio::test]
async fn some_attributes_of_several_items() {
    let client = client().await;
    let past = Timestamp::now() - Duration::from_mins(1);
    for (token, expires_at) in [("old", past), ("alive", later())] {
        Session::create(session(token, expires_at)).send(&client).await.unwrap();
    }
    let of = |token| Session::get(session_key(token)).project::<Hits>();
    let found = Transaction::get((of("alive"), of("old"), User::get(user_key("u1"))));
    let found = found.send(&client).await.unwrap();
    assert_eq!(found, (Some(Hits { hits: 0 }), None, None));
}

#[tokio::test]
async fn an_item_that_does_not_fit_names_its_entity() {
    let client = client().await;
    let crooked = Crooked { user_id: "u1".to_owned(), email: "e".to_owned(), password_hash: 7 };
    let (_,) = Transaction::new().create(crooked).send(&client).await.unwrap();
    let get = Transaction::get((Reading::get(reading_key("s", 1)), User::get(user_key("u1"))));
    let error = get.send(&client).await.unwrap_err();
    assert!(error.as_error().is_decode(), "{error}");
    assert_eq!(
        (error.as_error().entity(), error.as_error().path()),
        ("User", Some("password_hash"))
    );
    let error = Transaction::new().create(user("u1")).send(&client).await.unwrap_err();
    let [reason] = error.reasons() else { panic!("{error:?}") };
    assert!(reason.is_condition_failed() && !reason.is_absent());
    assert_eq!(reason.current_unreadable().and_then(|error| error.path()), Some("password_hash"));
}

/// A user of which the hash is a number.
#[derive(Entity)]
#[dynamo(table = "users")]
struct Crooked {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    password_hash: u8,
}

#[tokio::test]
async fn actions_can_be_added_where_they_are_needed() {
    let client = client().await;
    Reading::create_each(&client, 1..4).await;
    let mut transaction = Transaction::new().create(user("u1"));
    for number in 1..4 {
        let add = Reading::update(reading_key("s", number)).add(Reading::COUNT, 1).if_exists();
        transaction = transaction.update(add);
    }
    let (created,) = transaction.send(&client).await.unwrap();
    assert_eq!(created.version, Version::FIRST);
    let keys = (1..4).map(|number| ReadingKey { number, ..reading_key("s", 0) });
    let found = Reading::batch_get(keys).send(&client).await.unwrap().complete().unwrap();
    assert!(found.len() == 3 && found.iter().all(|reading| reading.count == 1));
}

#[tokio::test]
async fn a_deadline_leaves_the_outcome_unknown() {
    let (client, engine) = engine().await;
    engine.faults().delay(WRITE, Duration::from_secs(5));
    let transaction = Transaction::new().create(user("u1"));
    let error = transaction.deadline(Duration::from_millis(200)).send(&client).await.unwrap_err();
    assert!(error.as_error().is_timeout() && error.is_outcome_unknown(), "{error}");
    // The deadline of an action is not forgotten.
    engine.faults().delay(WRITE, Duration::from_secs(5));
    let delete = Reading::delete(reading_key("s", 1)).if_exists();
    let transaction = Transaction::new().delete(delete.deadline(Duration::from_millis(200)));
    assert!(transaction.send(&client).await.unwrap_err().as_error().is_timeout());
}

#[tokio::test]
async fn transactions_show_no_value() {
    let client = client().await;
    let secret = || User { email: "secret@example.com".to_owned(), ..user("u1") };
    let transaction = Transaction::new().create(secret());
    let get = Transaction::get((User::get(user_key("secret")),));
    let shown = format!("{transaction:?} {get:?}");
    transaction.send(&client).await.unwrap();
    let error = Transaction::new().create(secret()).send(&client).await.unwrap_err();
    let shown = format!("{shown} {error:?} {error}");
    assert!(!shown.contains("secret"), "{shown}");
    assert!(shown.contains("actions: 1"), "{shown}");
}
