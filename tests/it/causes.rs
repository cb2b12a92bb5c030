//! The cause of an error, by its type and without a value; and its source, whose text it does not
//! repeat.

use std::error::Error as StdError;
use std::fmt;

use dynamo_runtime::codec::{DecodeError, EncodeError};
use dynamo_runtime::error::BoxError;
use dynamo_runtime::load::{Dump, LoadError};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Error, KeyError};

use crate::entities::{Reading, User, client, engine, reading, reading_key, user, user_key};

const SECRET: &str = "hunter2";

/// The cause, of an error none of whose texts has a value.
#[track_caller]
fn cause<C: StdError + 'static>(error: &Error) -> &C {
    says_nothing_twice(error);
    let cause = error.cause_as().unwrap_or_else(|| panic!("of another cause: {error:?}"));
    let shown = format!("{error} {error:?} {cause} {cause:?}");
    assert!(!shown.contains(SECRET), "{shown}");
    cause
}

/// A chain of errors, as programs print it, repeats nothing of the error's own text.
#[track_caller]
fn says_nothing_twice(error: &(dyn StdError + 'static)) {
    let own = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let text = source.to_string();
        assert!(!own.contains(&text), "`{text}` is in `{own}`");
        next = source.source();
    }
}

/// A reading as another program has it.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "readings")]
struct Stranger {
    #[dynamo(partition_key)]
    sensor: String,
    #[dynamo(sort_key)]
    number: u32,
    count: String,
}

/// A reading that is read and written by whole tables.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "readings", allow(scan, load))]
struct Whole {
    #[dynamo(partition_key)]
    sensor: String,
    #[dynamo(sort_key)]
    number: u32,
}

async fn write_what_is_no_reading(client: &SecureClient) {
    let stranger = Stranger { sensor: "s".into(), number: 1, count: SECRET.into() };
    Stranger::create(stranger).send(client).await.unwrap();
}

#[tokio::test]
async fn a_key_that_dynamodb_rejects() {
    let (client, engine) = engine().await;
    let get = User::get(user_key("")).send(&client).await.unwrap_err();
    let query = Reading::query("").send(&client).await.unwrap_err();
    let create = User::create(user("")).send(&client).await.unwrap_err();
    let update = User::update(user_key("u")).set(User::EMAIL, "").if_exists();
    let update = update.send(&client).await.unwrap_err();
    let transaction = Transaction::new().create(user("")).send(&client).await.unwrap_err();
    for (error, attribute) in [
        (&get, "user_id"),
        (&query, "sensor"),
        (create.as_error(), "user_id"),
        (update.as_error(), "email"),
        (transaction.as_error(), "user_id"),
    ] {
        let cause = cause::<KeyError>(error);
        assert_eq!((cause.attribute(), cause.is_empty()), (attribute, true));
    }
    let long = format!("{SECRET}{}", "x".repeat(2048));
    let get = User::get(user_key(&long)).send(&client).await.unwrap_err();
    assert!(!cause::<KeyError>(&get).is_empty());
    assert!(engine.requests().iter().all(|request| request.operation() != "GetItem"));
}

#[tokio::test]
async fn a_value_that_dynamodb_has_no_form_for() {
    let client = client().await;
    let infinite = Reading { value: f64::INFINITY, unit: Some(SECRET.into()), ..reading("s", 1) };
    let create = Reading::create(infinite).send(&client).await.unwrap_err();
    assert_eq!(cause::<EncodeError>(create.as_error()).path(), Some("value"));
    let update = Reading::update(reading_key("s", 1)).set(Reading::VALUE, f64::NAN).if_exists();
    let update = update.send(&client).await.unwrap_err();
    cause::<EncodeError>(update.as_error());
    assert_eq!(update.as_error().path(), Some("value"));
}

#[tokio::test]
async fn an_item_that_does_not_fit() {
    let client = client().await;
    write_what_is_no_reading(&client).await;
    let get = Reading::get(reading_key("s", 1)).send(&client).await.unwrap_err();
    assert_eq!(cause::<DecodeError>(&get).path(), get.path());
    let query = Reading::query("s").page(&client).await.unwrap_err();
    assert_eq!(cause::<DecodeError>(&query).path(), query.path());
    let update = Reading::update(reading_key("s", 1)).set(Reading::IS_VALID, true).if_exists();
    let update = update.returning_new().send(&client).await.unwrap_err();
    assert_eq!(cause::<DecodeError>(update.as_error()).path(), update.as_error().path());
}

/// A reading that can be searched for by what it is like.
#[derive(Entity)]
#[dynamo(table = "likenesses")]
#[dynamo(vector_index(
    by_likeness,
    name = "likeness-index",
    vector = embedding,
    distance = euclidean,
    partition_key = sensor,
    projects = Likeness
))]
struct Likened {
    #[dynamo(partition_key)]
    id: String,
    sensor: String,
    unit: String,
    embedding: Embedding<2>,
}

#[derive(Projection)]
#[dynamo(of = Likened)]
struct Likeness {
    #[expect(dead_code, reason = "it does not fit")]
    unit: String,
}

#[tokio::test]
async fn a_search_that_cannot_be_sent_or_read() {
    let (engine, client) = {
        let engine = crate::engine::embedded_engine().await;
        let client = SecureClient::local().engine(&engine).table::<Likened>();
        (engine, client.build().await.unwrap())
    };
    let search =
        |sensor: &str, number| Likened::by_likeness(sensor, Embedding::from([number, 0.0])).top(1);
    let error = search("", 1.0).send(&client).await.err().unwrap();
    let of_key = cause::<KeyError>(&error);
    assert_eq!((of_key.attribute(), of_key.is_empty()), ("sensor", true));
    let error = search(SECRET, f32::NAN).send(&client).await.err().unwrap();
    cause::<EncodeError>(&error);
    let item =
        format!(r#"{{"id":{{"S":"{SECRET}"}},"sensor":{{"S":"{SECRET}"}},"unit":{{"N":"1"}}}}"#);
    let found = format!(r#"{{"SearchResults":[{{"Item":{item},"Score":0}}]}}"#);
    engine.faults().answer("SearchVectors", &found);
    let error = search(SECRET, 1.0).send(&client).await.err().unwrap();
    assert_eq!(cause::<DecodeError>(&error).path(), Some("SearchResults[0].Item.unit"));
    engine.faults().fail("SearchVectors", 400, "AccessDeniedException");
    let error = search(SECRET, 1.0).send(&client).await.err().unwrap();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    says_nothing_twice(&error);
}

#[derive(Debug, PartialEq)]
struct Overdrawn;

impl fmt::Display for Overdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("overdrawn")
    }
}

impl StdError for Overdrawn {}

#[tokio::test]
async fn what_a_closure_returned() {
    let client = client().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let modify = User::modify(user_key("u1"), |_| Err(BoxError::from(Overdrawn)));
    let error = modify.send(&client).await.unwrap_err();
    assert_eq!(cause::<Overdrawn>(error.as_error()), &Overdrawn);
    // What it returned is not in the text, so it is the source.
    assert!(error.source().is_some_and(<dyn std::error::Error>::is::<Overdrawn>), "{error:?}");
}

#[tokio::test]
async fn the_request_that_ended_a_batch() {
    let (client, engine) = engine().await;
    engine.faults().fail("BatchWriteItem", 400, "ValidationException");
    let batch = BatchWrite::new().put(reading("s", 1)).send(&client).await.unwrap();
    let error = batch.complete().unwrap_err();
    assert_eq!(cause::<Error>(&error).code(), Some("ValidationException"));
}

/// Which of the public errors have a source: each is in a test of this file, or shows no more than
/// its own text.
#[test]
fn an_error_that_has_a_source_is_known() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../dynamo-runtime/src");
    let mut found = Vec::new();
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let implementations = text.split("Error for ").skip(1);
            let has_source = implementations.filter(|it| {
                it.split("\n}").next().is_some_and(|body| body.contains("fn source(&self)"))
            });
            found.extend(has_source.map(|it| it.split([' ', '<']).next().unwrap().to_owned()));
        }
    }
    found.sort();
    // `KeysError`, `SourceError` and `Outer` are the client's own, and no user meets them.
    let known = [
        "Error",
        "KeysError",
        "LoadError",
        "LocalEngineError",
        "Outer",
        "SourceError",
        "TableError",
        "TransactionError",
        "WriteError",
    ];
    assert_eq!(found, known);
}

#[tokio::test]
async fn a_table_and_a_load_say_the_error_of_a_request_once() {
    let (client, engine) = engine().await;
    engine.faults().fail("DescribeTable", 400, "AccessDeniedException");
    let error = client.describe::<User>().await.unwrap_err();
    assert_eq!(error.as_error().and_then(Error::code), Some("AccessDeniedException"));
    says_nothing_twice(&error);

    engine.faults().fail("Scan", 400, "AccessDeniedException");
    let file = std::env::temp_dir().join(format!("dynamo-causes-{}", std::process::id()));
    let error = Dump::of::<Whole>(&file).send(&client).await.unwrap_err();
    assert!(
        matches!(&error, LoadError::Call(error) if error.code() == Some("AccessDeniedException"))
    );
    says_nothing_twice(&error);
}

#[tokio::test]
async fn what_the_service_says_is_the_cause_itself() {
    let client = client().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let taken = User::create(user("u1")).send(&client).await.unwrap_err();
    assert!(taken.source().is_none(), "{taken:?}");
    write_what_is_no_reading(&client).await;
    // That the current item cannot be read is not why the condition failed.
    let taken = Reading::create(reading("s", 1)).send(&client).await.unwrap_err();
    assert!(taken.current_unreadable().is_some() && taken.source().is_none(), "{taken:?}");
}
