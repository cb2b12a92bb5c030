//! Batches: any number of keys and writes, and what is left of them.

use std::collections::BTreeSet;
use std::time::Duration;

use dynamo_runtime::client::Timeouts;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use proptest::prelude::*;

use crate::entities::{
    Reading, ReadingKey, Session, SessionKey, User, UserKey, client, engine, reading, reading_key,
    user, user_key,
};

const GET: &str = "BatchGetItem";
const WRITE: &str = "BatchWriteItem";

fn sent(engine: &LocalEngine, operation: &str) -> usize {
    engine.requests().iter().filter(|request| request.operation() == operation).count()
}

fn numbers(readings: &[Reading]) -> BTreeSet<u32> {
    readings.iter().map(|reading| reading.number).collect()
}

fn keys(numbers: std::ops::Range<u32>) -> impl Iterator<Item = ReadingKey> {
    numbers.map(|number| reading_key("s", number))
}

async fn fill(client: &SecureClient, numbers: std::ops::Range<u32>) {
    let batch = BatchWrite::new().put_all(numbers.map(|number| reading("s", number)));
    batch.send(client).await.unwrap().complete().unwrap();
}

#[tokio::test]
async fn any_number_of_items_is_written_and_read() {
    let (client, engine) = engine().await;
    let batch = BatchWrite::new().put_all((0..230).map(|number| reading("s", number)));
    let written = batch.send(&client).await.unwrap().complete().unwrap();
    assert_eq!(written.puts::<Reading>().count(), 230);
    assert_eq!(sent(&engine, WRITE), 10);
    let fetched = Reading::batch_get(keys(0..250)).send(&client).await.unwrap();
    assert_eq!(numbers(&fetched.found), (0..230).collect());
    assert_eq!(fetched.found.len(), 230);
    let absent: Vec<_> = keys(230..250).collect();
    assert_eq!(fetched.absent, absent);
    assert!(fetched.is_complete());
    assert_eq!(sent(&engine, GET), 3);
}

#[tokio::test]
async fn nothing_is_no_request() {
    let (client, engine) = engine().await;
    let before = engine.requests().len();
    assert!(
        Reading::batch_get(Vec::<ReadingKey>::new())
            .send(&client)
            .await
            .unwrap()
            .complete()
            .unwrap()
            .is_empty()
    );
    assert!(BatchWrite::new().send(&client).await.unwrap().complete().unwrap().is_empty());
    assert_eq!(engine.requests().len(), before);
}

#[tokio::test]
async fn a_key_that_is_given_twice_is_read_once() {
    let (client, engine) = engine().await;
    fill(&client, 0..2).await;
    let twice = keys(0..3).chain(keys(0..3));
    let fetched = Reading::batch_get(twice).send(&client).await.unwrap();
    assert_eq!((fetched.found.len(), fetched.absent.len()), (2, 1));
    assert_eq!(sent(&engine, GET), 1);
}

#[test]
fn each_key_is_found_absent_or_left_and_never_twice() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (client, engine) = runtime.block_on(engine());
    runtime.block_on(fill(&client, 0..150));
    let some = proptest::collection::vec(0..300_u32, 0..400);
    let left = proptest::collection::vec(0..100_usize, 0..4);
    proptest!(ProptestConfig::with_cases(24), |(asked in some, left in left)| {
        for applied in left {
            engine.faults().leave_unprocessed(GET, applied);
        }
        let keys = asked.iter().map(|number| reading_key("s", *number));
        let fetched = runtime.block_on(Reading::batch_get(keys).send(&client)).unwrap();
        engine.faults().clear();
        prop_assert!(fetched.is_complete());
        let absent: Vec<_> = fetched.absent.iter().map(|key| key.number).collect();
        let all: BTreeSet<u32> = asked.into_iter().collect();
        prop_assert_eq!(fetched.found.len() + absent.len(), all.len());
        let (found, others): (BTreeSet<_>, BTreeSet<_>) = all.iter().partition(|key| **key < 150);
        prop_assert_eq!(numbers(&fetched.found), found);
        prop_assert_eq!(absent.into_iter().collect::<BTreeSet<_>>(), others);
    });
}

#[tokio::test]
async fn equal_writes_are_one_and_different_ones_are_refused() {
    let (client, engine) = engine().await;
    let same = BatchWrite::new()
        .put_all([reading("s", 1), reading("s", 1)])
        .delete(reading_key("s", 2))
        .delete(reading_key("s", 2));
    assert_eq!(same.send(&client).await.unwrap().complete().unwrap().len(), 2);
    let before = engine.requests().len();
    let other = Reading { count: 7, ..reading("s", 1) };
    for different in [
        BatchWrite::new().put(reading("s", 1)).put(other),
        BatchWrite::new().put(reading("s", 1)).delete(reading_key("s", 1)),
    ] {
        let error = different.send(&client).await.unwrap_err();
        assert!(error.is_invalid(), "{error}");
        assert_eq!(error.entity(), "Reading");
        assert!(error.to_string().contains("another write of the batch is on the same item"));
    }
    assert_eq!(engine.requests().len(), before);
}

#[tokio::test]
async fn what_dynamodb_would_reject_is_an_error_before_sending() {
    let (client, engine) = engine().await;
    let before = engine.requests().len();
    let error = User::batch_get([user_key("u"), user_key("")]).send(&client).await.unwrap_err();
    assert_eq!(error.to_string(), "User::batch_get: the key attribute `user_id` is empty");
    let large = Reading { raw: vec![0; 410_000], ..reading("s", 1) };
    let batch = BatchWrite::new().put(reading("s", 0)).put(large);
    let error = batch.send(&client).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("409600"), "{error}");
    assert_eq!(engine.requests().len(), before);
}

#[tokio::test]
async fn what_the_service_leaves_is_asked_for_again() {
    let (client, engine) = engine().await;
    for applied in [3, 0, 20] {
        engine.faults().leave_unprocessed(WRITE, applied);
    }
    fill(&client, 0..25).await;
    assert_eq!(sent(&engine, WRITE), 4);
    for applied in [0, 60, 1] {
        engine.faults().leave_unprocessed(GET, applied);
    }
    let response = Reading::batch_get(keys(0..100)).send_with_metadata(&client).await.unwrap();
    assert_eq!(response.attempts, 4);
    assert_eq!(numbers(&response.value.found), (0..25).collect());
    assert_eq!(response.value.absent.len(), 75);
}

#[tokio::test]
async fn throttling_of_a_whole_batch_is_waited_for() {
    let (client, engine) = engine().await;
    // More often than one call is tried.
    for _ in 0..5 {
        engine.faults().fail(WRITE, 400, "ProvisionedThroughputExceededException");
        engine.faults().fail(GET, 400, "ThrottlingException");
    }
    fill(&client, 0..3).await;
    let found = Reading::batch_get(keys(0..3)).send(&client).await.unwrap().complete().unwrap();
    assert_eq!(numbers(&found), (0..3).collect());
}

#[tokio::test]
async fn what_is_left_at_the_deadline_is_told_by_key() {
    let (client, engine) = engine().await;
    fill(&client, 0..4).await;
    for _ in 0..200 {
        engine.faults().leave_unprocessed(GET, 0);
    }
    engine.faults().leave_unprocessed(GET, 0);
    let get = Reading::batch_get(keys(0..4)).deadline(Duration::from_secs(2));
    let fetched = get.send(&client).await.unwrap();
    assert!(fetched.found.is_empty() && fetched.absent.is_empty());
    assert_eq!(fetched.unprocessed, keys(0..4).collect::<Vec<_>>());
    let error = fetched.complete().unwrap_err();
    assert!(error.is_incomplete() && !error.is_outcome_unknown());
    assert_eq!(
        error.to_string(),
        "Reading::batch_get: 4 of 4 were not processed before the deadline"
    );
}

#[tokio::test]
async fn throttling_that_leaves_keys_is_told_also_when_others_were_read() {
    let (client, engine) = engine().await;
    fill(&client, 0..4).await;
    engine.faults().leave_unprocessed(GET, 3);
    for _ in 0..1000 {
        engine.faults().fail(GET, 400, "ProvisionedThroughputExceededException");
    }
    let get = Reading::batch_get(keys(0..4)).deadline(Duration::from_secs(2));
    let gathered = get.send(&client).await.unwrap();
    assert_eq!((gathered.found.len(), gathered.unprocessed.len()), (3, 1));
    assert!(
        gathered.error.as_ref().is_some_and(dynamo_runtime::Error::is_throttled),
        "{gathered:?}"
    );
    let error = gathered.complete().unwrap_err();
    assert!(error.is_incomplete() && error.is_throttled() && !error.is_timeout(), "{error}");
    assert_eq!(
        error.to_string(),
        "Reading::batch_get: 1 of 4 were not processed: \
         DynamoDB answered ProvisionedThroughputExceededException (status 400)"
    );
    engine.faults().clear();
    // An error that passed is none of what was read in the end.
    engine.faults().leave_unprocessed(GET, 3);
    for _ in 0..3 {
        engine.faults().fail(GET, 400, "ProvisionedThroughputExceededException");
    }
    let gathered = Reading::batch_get(keys(0..4)).send(&client).await.unwrap();
    assert!(gathered.is_complete() && gathered.error.is_none(), "{gathered:?}");
}

#[tokio::test]
async fn writes_that_are_left_can_be_sent_again() {
    let (client, engine) = engine().await;
    engine.faults().leave_unprocessed(WRITE, 1);
    for _ in 0..200 {
        engine.faults().leave_unprocessed(WRITE, 0);
    }
    let batch = BatchWrite::new()
        .put_all((0..3).map(|number| reading("s", number)))
        .delete(reading_key("s", 9));
    let written = batch.deadline(Duration::from_secs(2)).send(&client).await.unwrap();
    assert!(!written.is_complete() && written.error.is_none() && written.unknown.is_empty());
    assert_eq!((written.applied.len(), written.left.len()), (1, 3));
    assert_eq!(written.left.puts::<Reading>().map(|left| left.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(written.left.deletes::<Reading>().collect::<Vec<_>>(), [&reading_key("s", 9)]);
    assert_eq!(
        (written.left.puts::<User>().count(), written.left.deletes::<User>().count()),
        (0, 0)
    );
    engine.faults().clear();
    BatchWrite::from(written.left).send(&client).await.unwrap().complete().unwrap();
    let found = Reading::batch_get(keys(0..3)).send(&client).await.unwrap().complete().unwrap();
    assert_eq!(found.len(), 3);
}

#[tokio::test]
async fn a_lost_response_leaves_writes_unknown_and_is_not_sent_again() {
    let (client, engine) = engine().await;
    engine.faults().lose_response(WRITE);
    let batch = BatchWrite::new().put(reading("s", 1)).delete(reading_key("s", 2));
    let written = batch.send(&client).await.unwrap();
    assert_eq!((written.applied.len(), written.left.len(), written.unknown.len()), (0, 0, 2));
    assert_eq!(sent(&engine, WRITE), 1);
    let error = written.complete().unwrap_err();
    assert!(error.is_outcome_unknown() && error.is_incomplete(), "{error}");
}

#[tokio::test]
async fn a_failure_keeps_what_was_written_and_tells_what_was_not() {
    let (client, engine) = engine().await;
    engine.faults().pause(WRITE).release();
    engine.faults().fail(WRITE, 400, "AccessDeniedException");
    let batch = BatchWrite::new().put_all((0..50).map(|number| reading("s", number)));
    let written = batch.send(&client).await.unwrap();
    assert_eq!((written.applied.len(), written.left.len()), (25, 25));
    let error = written.error.as_ref().unwrap();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    let error = written.complete().unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    assert!(error.to_string().starts_with("BatchWrite::send: 25 of 50 were not processed: "));
}

#[tokio::test]
async fn a_read_that_fails_is_an_error() {
    let (client, engine) = engine().await;
    engine.faults().fail(GET, 400, "AccessDeniedException");
    let error = Reading::batch_get(keys(0..3)).send(&client).await.unwrap_err();
    assert_eq!((error.code(), error.operation()), (Some("AccessDeniedException"), "batch_get"));
    engine.faults().delay(GET, Duration::from_secs(5));
    let get = Reading::batch_get(keys(0..3)).deadline(Duration::from_millis(200));
    assert!(get.send(&client).await.unwrap_err().is_timeout());
    engine.faults().lose_response(GET);
    let response = Reading::batch_get(keys(0..3)).send_with_metadata(&client).await.unwrap();
    assert_eq!((response.attempts, response.value.absent.len()), (2, 3));
}

/// A client that waits long: a test runs beside others.
async fn patient() -> (SecureClient, LocalEngine) {
    let engine = crate::engine::embedded_engine().await;
    let patience = Duration::from_mins(2);
    let client = SecureClient::local()
        .engine(&engine)
        .table::<Reading>()
        .timeouts(Timeouts::default().response(patience).deadline(patience));
    (client.build().await.unwrap(), engine)
}

#[tokio::test]
async fn a_response_of_16_mb_is_continued() {
    let (client, engine) = patient().await;
    let large = |number| Reading { raw: vec![7; 390_000], ..reading("s", number) };
    for few in 0..9 {
        let batch = BatchWrite::new().put_all((few * 5..few * 5 + 5).map(large));
        batch.send(&client).await.unwrap().complete().unwrap();
    }
    let found = Reading::batch_get(keys(0..45)).send(&client).await.unwrap().complete().unwrap();
    assert_eq!(numbers(&found), (0..45).collect());
    assert_eq!(sent(&engine, GET), 2);
}

#[tokio::test]
async fn a_request_is_no_larger_than_16_mb() {
    let (client, engine) = patient().await;
    // A control character takes six bytes in JSON.
    let text = "\u{1}".repeat(380_000);
    let large = |number| Reading { remark: Some(text.clone()), ..reading("s", number) };
    let batch = BatchWrite::new().put_all((0..8).map(large));
    batch.send(&client).await.unwrap().complete().unwrap();
    let sizes: Vec<_> = engine
        .requests()
        .iter()
        .filter(|request| request.operation() == WRITE)
        .map(|request| request.body().len())
        .collect();
    assert!(sizes.iter().all(|size| *size <= 16 << 20), "{sizes:?}");
    assert_eq!(sizes.len(), 2);
}

#[tokio::test]
async fn one_batch_writes_to_several_tables() {
    let engine = crate::engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Note>().table::<Reading>();
    let client = client.build().await.unwrap();
    let note = Note { id: "n1".to_owned(), text: "a".to_owned(), updated_at: Timestamp::EPOCH };
    let batch = BatchWrite::new()
        .put(note)
        .put(reading("s", 1))
        .delete(Note::key("n2"))
        .delete_all(keys(5..7));
    engine.faults().leave_unprocessed(WRITE, 2);
    let written = batch.send(&client).await.unwrap().complete().unwrap();
    assert_eq!(written.len(), 5);
    let note = written.puts::<Note>().next().unwrap();
    assert!(note.updated_at > Timestamp::EPOCH);
    assert_eq!(Note::get(Note::key("n1")).send(&client).await.unwrap().as_ref(), Some(note));
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "notes", allow(unconditional_put, unconditional_delete))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    text: String,
    #[dynamo(updated_at)]
    updated_at: Timestamp,
}

#[tokio::test]
async fn an_expired_item_reads_as_absent() {
    let client = client().await;
    let session = |token: &str, expires_at| Session {
        owner: "o".to_owned(),
        token: token.to_owned(),
        hits: 0,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        expires_at,
    };
    let now = Timestamp::now();
    let alive = session("alive", now + Duration::from_hours(1));
    let expired = session("expired", Timestamp::now() - Duration::from_mins(1));
    for session in [alive, expired] {
        Session::create(session).send(&client).await.unwrap();
    }
    let key = |token: &str| SessionKey { owner: "o".to_owned(), token: token.to_owned() };
    let keys = || [key("alive"), key("expired"), key("none")];
    let fetched = Session::batch_get(keys()).send(&client).await.unwrap();
    assert_eq!(fetched.found.iter().map(|found| &*found.token).collect::<Vec<_>>(), ["alive"]);
    assert_eq!(fetched.absent, [key("expired"), key("none")]);
    let all = Session::batch_get(keys()).including_expired().eventually_consistent();
    assert_eq!(all.send(&client).await.unwrap().found.len(), 2);
}

/// Without a key and without the time of expiry.
#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Session)]
struct Hits {
    hits: u32,
}

#[tokio::test]
async fn a_projection_is_read_with_what_the_batch_needs() {
    let client = client().await;
    let past = Timestamp::now() - Duration::from_mins(1);
    let later = Timestamp::now() + Duration::from_hours(1);
    for (token, hits, expires_at) in [("a", 1, later), ("b", 2, later), ("old", 3, past)] {
        let (owner, token) = ("o".to_owned(), token.to_owned());
        let (created_at, updated_at) = (Timestamp::EPOCH, Timestamp::EPOCH);
        let session = Session { owner, token, hits, created_at, updated_at, expires_at };
        Session::create(session).send(&client).await.unwrap();
    }
    let keys = ["b", "old", "none", "a"]
        .map(|token| SessionKey { owner: "o".to_owned(), token: token.to_owned() });
    let gathered = Session::batch_get(keys.clone()).project::<Hits>().send(&client).await.unwrap();
    assert_eq!(gathered.found, [Hits { hits: 2 }, Hits { hits: 1 }]);
    assert_eq!(gathered.absent, [keys[1].clone(), keys[2].clone()]);
    let all = Session::batch_get(keys).project::<Hits>().including_expired();
    assert_eq!(all.send(&client).await.unwrap().complete().unwrap().len(), 3);
}

#[tokio::test]
async fn an_item_that_does_not_fit_is_an_error_of_its_own() {
    let client = client().await;
    Crooked::create(Crooked { sensor: "s".to_owned(), number: 1, count: "many".to_owned() })
        .send(&client)
        .await
        .unwrap();
    Reading::create(reading("s", 2)).send(&client).await.unwrap();
    let gathered = Reading::batch_get(keys(0..3)).send(&client).await.unwrap();
    assert_eq!((gathered.found.as_slice(), gathered.absent.len()), (&[reading("s", 2)][..], 1));
    let [(key, error)] = gathered.unreadable.as_slice() else { panic!("{gathered:?}") };
    assert_eq!(key, &reading_key("s", 1));
    assert_eq!((error.entity(), error.path()), ("Reading", Some("count")));
    assert!(!gathered.is_complete());
    let error = gathered.complete().unwrap_err();
    assert!(error.is_decode(), "{error}");
}

/// A reading of which the count is a text.
#[derive(Entity)]
#[dynamo(table = "readings")]
struct Crooked {
    #[dynamo(partition_key)]
    sensor: String,
    #[dynamo(sort_key)]
    number: u32,
    count: String,
}

#[tokio::test]
async fn batches_show_no_value() {
    let client = client().await;
    let batch = BatchWrite::new().put(Reading { sensor: "secret".to_owned(), ..reading("s", 1) });
    let get = User::batch_get([user_key("secret")]);
    let shown = format!("{batch:?} {get:?}");
    let written = batch.send(&client).await.unwrap();
    let fetched = get.send(&client).await.unwrap();
    let shown = format!("{shown} {written:?} {fetched:?}");
    assert!(!shown.contains("secret"), "{shown}");
    assert!(shown.contains("BatchWriteOutput") && shown.contains("absent: 1"), "{shown}");
}

#[test]
fn the_futures_can_be_sent() {
    fn is_send(_: &impl Send) {}
    fn check(client: &SecureClient, keys: Vec<UserKey>, user: User) {
        is_send(&User::batch_get(keys).send(client));
        is_send(&BatchWrite::new().put(reading("s", 1)).send(client));
        is_send(&Transaction::new().create(user).send(client));
        is_send(&Transaction::get((User::get(user_key("a")),)).send(client));
    }
    let _ = (check, user);
}
