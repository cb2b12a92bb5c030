//! E. Responses to another request: sound in themselves, and about an item that was not asked for.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;

use super::responses::{raw_json, success};
use crate::account;
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Outcome, Row, Section};
use crate::server::{Answer, Then, answering, configuration};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "entries")]
#[dynamo(index(by_kind, name = "kind-index", partition_key = kind, sort_key = number))]
struct Entry {
    #[dynamo(partition_key)]
    owner: String,
    #[dynamo(sort_key)]
    number: u32,
    kind: String,
    #[dynamo(default)]
    count: u64,
    #[dynamo(version)]
    version: Version,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Entry)]
struct Count {
    count: u64,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Entry)]
struct Kind {
    kind: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "folders", allow(unconditional_put))]
#[dynamo(partition_key("pk") = "FOLDER#{folder}", sort_key("sk") = "FILE#{file}")]
struct File {
    folder: String,
    file: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "folders")]
#[dynamo(partition_key("pk") = "FOLDER#{folder}", sort_key("sk") = "ABOUT")]
struct About {
    folder: String,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum InFolder {
    About(About),
    File(File),
}

type Called = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// An operation, and its response with an item at the place of `{}`.
struct Operation {
    name: &'static str,
    /// What it gives back: a success, or the reason of a rejection.
    response: Response,
    /// The item that was asked for, spelt in another way than in the request.
    own: &'static str,
    other: &'static str,
    /// How often it is sent where another item comes back each time.
    sent: u32,
    is_write: bool,
    call: fn(SecureClient) -> Called,
}

#[derive(Clone, Copy)]
enum Response {
    Success(&'static str),
    /// Of the kind, with more members.
    Rejection(&'static str, &'static str),
}

const OWN: &str = r#"{"count":{"N":"2"},"number":{"N":"1.0"},"kind":{"S":"\u0061"},"version":{"N":"1"},"owner":{"S":"o"}}"#;
const OF_OTHER_NUMBER: &str = r#"{"owner":{"S":"o"},"number":{"N":"2"},"kind":{"S":"a"},"count":{"N":"2"},"version":{"N":"1"}}"#;
const OF_OTHER_OWNER: &str = r#"{"owner":{"S":"p"},"number":{"N":"1"},"kind":{"S":"a"},"count":{"N":"2"},"version":{"N":"1"}}"#;
const OF_OTHER_KIND: &str = r#"{"kind":{"S":"b"},"owner":{"S":"o"},"number":{"N":"1"},"count":{"N":"2"},"version":{"N":"1"}}"#;
const OWN_FILE: &str =
    r#"{"sk":{"S":"FILE#a"},"pk":{"S":"FOLDER#f"},"folder":{"S":"f"},"file":{"S":"a"}}"#;
const OTHER_FILE: &str =
    r#"{"pk":{"S":"FOLDER#g"},"sk":{"S":"FILE#a"},"folder":{"S":"g"},"file":{"S":"a"}}"#;

const ITEM: Response = Response::Success(r#"{"Item":{}}"#);
const ATTRIBUTES: Response = Response::Success(r#"{"Attributes":{}}"#);
const PAGE: Response = Response::Success(r#"{"Items":[{}],"Count":1,"ScannedCount":1}"#);
const FAILED: Response = Response::Rejection("ConditionalCheckFailedException", r#""Item":{}"#);
const CANCELLED: Response = Response::Rejection(
    "TransactionCanceledException",
    r#""CancellationReasons":[{"Code":"ConditionalCheckFailed","Item":{}}]"#,
);

fn key() -> EntryKey {
    EntryKey { owner: "o".to_owned(), number: 1 }
}

fn entry() -> Entry {
    let (owner, kind) = ("o".to_owned(), "a".to_owned());
    Entry { owner, number: 1, kind, count: 2, version: Version::UNSAVED }
}

/// What a service says where it works: done, or that a condition failed.
fn answered<T>(result: Result<T, impl Into<Error>>) -> Result<(), Error> {
    match result.map_err(Into::into) {
        Err(error) if !error.is_condition_failed() && !error.is_cancelled() => Err(error),
        _ => Ok(()),
    }
}

macro_rules! call {
    (|$client:ident| $call:expr) => {
        |client| {
            Box::pin(async move {
                let $client = &client;
                answered($call)
            })
        }
    };
}

fn read(name: &'static str, call: fn(SecureClient) -> Called) -> Operation {
    Operation {
        name,
        response: ITEM,
        own: OWN,
        other: OF_OTHER_NUMBER,
        sent: 3,
        is_write: false,
        call,
    }
}

/// Sent once, or under its condition.
fn write(
    name: &'static str,
    response: Response,
    sent: u32,
    call: fn(SecureClient) -> Called,
) -> Operation {
    Operation { response, sent, is_write: true, ..read(name, call) }
}

fn page(name: &'static str, other: &'static str, call: fn(SecureClient) -> Called) -> Operation {
    Operation { response: PAGE, other, sent: 1, ..read(name, call) }
}

fn operations() -> Vec<Operation> {
    [reads(), given_back(), failures(), queries()].into_iter().flatten().collect()
}

fn reads() -> Vec<Operation> {
    vec![
        read("a get", call!(|client| Entry::get(key()).send(client).await)),
        read(
            "a get that borrows",
            call!(|client| Entry::get(key()).fetch_borrowed::<Count>(client).await),
        ),
        read(
            "a get of a projection",
            call!(|client| Entry::get(key()).project::<Count>().send(client).await),
        ),
        read(
            "a get of one attribute",
            call!(|client| Entry::get(key()).attribute(Entry::COUNT).send(client).await),
        ),
        Operation {
            response: Response::Success(r#"{"Responses":[{"Item":{}}]}"#),
            ..read(
                "a get in a transaction",
                call!(|client| Transaction::get([Entry::get(key())]).send(client).await),
            )
        },
        Operation {
            response: Response::Success(r#"{"Responses":{"entries":[{}]},"UnprocessedKeys":{ }}"#),
            sent: 1,
            ..read(
                "a get in a batch",
                call!(|client| match Entry::batch_get([key()]).send(client).await {
                    Ok(found) => found.complete(),
                    Err(error) => Err(error),
                }),
            )
        },
    ]
}

fn given_back() -> Vec<Operation> {
    vec![
        write(
            "an update that gives back the new item",
            ATTRIBUTES,
            1,
            call!(|client| {
                let update = Entry::update(key()).add(Entry::COUNT, 1).if_exists();
                update.returning_new().send(client).await
            }),
        ),
        Operation {
            own: r#"{"kind":{"S":"a"}}"#,
            ..write(
                "an update that gives back what it set",
                ATTRIBUTES,
                1,
                call!(|client| {
                    let update = Entry::update(key()).set(Entry::KIND, "a").if_exists();
                    update.returning_new().project::<Kind>().send(client).await
                }),
            )
        },
        write(
            "an update that gives back the old item",
            ATTRIBUTES,
            1,
            call!(|client| {
                let update = Entry::update(key()).add(Entry::COUNT, 1).if_exists();
                update.returning_old().send(client).await
            }),
        ),
        write(
            "a put that gives back what was there",
            ATTRIBUTES,
            3,
            call!(|client| Entry::put(entry()).if_exists().returning_old().send(client).await),
        ),
        write(
            "a delete that gives back the item",
            ATTRIBUTES,
            3,
            call!(|client| Entry::delete(key()).if_exists().returning_old().send(client).await),
        ),
    ]
}

fn failures() -> Vec<Operation> {
    vec![
        write(
            "the failed condition of an update",
            FAILED,
            1,
            call!(|client| {
                Entry::update(key()).add(Entry::COUNT, 1).if_exists().send(client).await
            }),
        ),
        write(
            "the failed condition of a create",
            FAILED,
            3,
            call!(|client| Entry::create(entry()).send(client).await),
        ),
        write(
            "the failed condition of a replace",
            FAILED,
            3,
            call!(|client| Entry::replace(entry()).send(client).await),
        ),
        write(
            "the failed condition of a delete",
            FAILED,
            3,
            call!(|client| Entry::delete(key()).if_exists().send(client).await),
        ),
        write(
            "the failed condition of a write that is applied exactly once",
            CANCELLED,
            3,
            call!(|client| Entry::create(entry()).exactly_once().send(client).await),
        ),
        write(
            "the reason of a transaction",
            CANCELLED,
            3,
            call!(|client| Transaction::new().create(entry()).send(client).await),
        ),
        Operation {
            own: OWN_FILE,
            other: OTHER_FILE,
            ..write(
                "what is left of a batch of writes",
                Response::Success(
                    r#"{"UnprocessedItems":{"folders":[{"PutRequest":{"Item":{}}}]}}"#,
                ),
                1,
                call!(|client| {
                    let (folder, file) = ("f".to_owned(), "a".to_owned());
                    let batch = BatchWrite::new().put(File { folder, file });
                    let written = batch.deadline(std::time::Duration::from_secs(5)).send(client);
                    written.await.map(|written| written.error).and_then(|error| match error {
                        Some(error) => Err(error),
                        None => Ok(()),
                    })
                }),
            )
        },
    ]
}

fn queries() -> Vec<Operation> {
    vec![
        page("a query", OF_OTHER_OWNER, call!(|client| Entry::query("o").page(client).await)),
        page(
            "a query by a sort key",
            OF_OTHER_NUMBER,
            call!(|client| Entry::query("o").number(1).page(client).await),
        ),
        page(
            "a query of a range",
            OF_OTHER_NUMBER,
            call!(|client| Entry::query("o").number(..=1).items(client).collect().await),
        ),
        page(
            "a query of a projection",
            OF_OTHER_OWNER,
            call!(|client| Entry::query("o").project::<Count>().page(client).await),
        ),
        page(
            "a query that borrows",
            OF_OTHER_OWNER,
            call!(|client| Entry::query("o").fetch_borrowed::<Count>(client).await),
        ),
        page(
            "a query whose item does not fit",
            r#"{"owner":{"S":"p"},"number":{"N":"1"}}"#,
            call!(|client| Entry::query("o").items(client).collect().await),
        ),
        page(
            "a query of an index",
            OF_OTHER_KIND,
            call!(|client| Entry::by_kind("a").page(client).await),
        ),
        Operation {
            own: OWN_FILE,
            ..page(
                "a query of a collection",
                OTHER_FILE,
                call!(|client| InFolder::query("f").items(client).collect().await),
            )
        },
    ]
}

impl Response {
    fn with(self, item: &str) -> Answer {
        match self {
            Self::Success(body) => success(body.replace("{}", item).as_bytes()),
            Self::Rejection(code, members) => {
                let members = members.replace("{}", item);
                let body = format!(
                    r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"m",{members}}}"#
                );
                Answer { bytes: raw_json(400, body.as_bytes()), then: Then::Listens }
            }
        }
    }
}

pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for Operation { name, response, own, other, sent, is_write, call } in operations() {
        let says = "it has an item that was not asked for".to_owned();
        let expected = Expected::OfAnother { says, sent, is_write };
        rows.push(row(
            Section::Response,
            format!("another item in {name}"),
            expected,
            response.with(other),
            call,
        ));
        // What is left of a batch is sent again until it is done.
        if !name.contains("batch of writes") {
            let name = format!("the item that was asked for in {name}");
            rows.push(row(Section::Control, name, Expected::Answered, response.with(own), call));
        }
    }
    rows.extend(pages());
    rows
}

/// What the other rows have of a read and a write of one item.
fn pages() -> Vec<Row> {
    let call: fn(SecureClient) -> Called = call!(|client| Entry::query("o").page(client).await);
    let page = |member: &str| format!(r#"{{"Items":[],"Count":0,"ScannedCount":0{member}}}"#);
    let cases = [
        ("a page that is an array", "its body is not one JSON object", "[]".to_owned()),
        (
            "a page that is an error",
            "a success whose body is an error",
            page(r#","__type":"x#InternalServerError""#),
        ),
        (
            "a page with the capacity of another table",
            "it is about a table that was not asked for",
            page(r#","ConsumedCapacity":{"TableName":"others","CapacityUnits":1}"#),
        ),
    ];
    let row = |(name, says, body): (&str, &str, String)| {
        let sent = if says.contains("JSON object") { 3 } else { 1 };
        let expected = Expected::OfAnother { says: says.to_owned(), sent, is_write: false };
        row(Section::Response, name.to_owned(), expected, success(body.as_bytes()), call)
    };
    cases.into_iter().map(row).collect()
}

fn row(
    section: Section,
    name: String,
    expected: Expected,
    answer: Answer,
    call: fn(SecureClient) -> Called,
) -> Row {
    Row::new(section, name, expected, move |_| {
        let answer = answer.clone();
        async move {
            let root = Arc::new(root());
            let config = configuration(Identity::new(&leaf("localhost"), &root));
            let (port, tally) = answering(config, answer).await;
            let client = account::client(port, trust(&root));
            account::seen(client, &tally, move |client| async move {
                match call(client).await {
                    Ok(()) => Outcome::Succeeded(None),
                    Err(error) => Outcome::Failed(error),
                }
            })
            .await
        }
    })
}
