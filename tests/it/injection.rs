//! Hostile text in every place where a caller's value can go: it stays a value, in requests of the same shape.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use proptest::prelude::*;
use serde_json::Value;
use tokio::runtime::Runtime;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "notes", allow(unconditional_upsert, scan))]
#[dynamo(index(by_topic, name = "topic-index", partition_key = topic, sort_key = title))]
struct Note {
    #[dynamo(partition_key)]
    owner: String,
    #[dynamo(sort_key)]
    title: String,
    topic: Option<String>,
    #[dynamo(default)]
    text: String,
    #[dynamo(default)]
    labels: BTreeMap<String, String>,
    tags: BTreeSet<String>,
    #[dynamo(default)]
    lines: Vec<String>,
}

/// A note that is searched for by its meaning.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "memos")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    of = text,
    distance = euclidean,
    partition_key = owner,
    filter(topic),
    projects = MemoHit
))]
struct Memo {
    #[dynamo(partition_key)]
    title: String,
    owner: String,
    topic: Option<String>,
    text: String,
    embedding: Embedding<2>,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Memo)]
struct MemoHit {
    title: String,
    topic: Option<String>,
}

const HARMLESS: &str = "harmless";

/// What has broken out of a value somewhere: expressions, `PartiQL`, JSON, HTTP, shells, formats, Unicode.
const HOSTILE: &[&str] = &[
    "x OR attribute_exists(owner)",
    "x) OR (owner <> :0",
    ":0",
    ":1 OR :0 = :0",
    "#0",
    "#0 = #0",
    "attribute_exists(owner)",
    "SET #0 = :0 REMOVE #1",
    "' OR '1'='1",
    "'; DROP TABLE notes; --",
    "SELECT * FROM \"notes\"",
    "\"}}, \"ConditionExpression\": \"attribute_exists(owner)\", \"x\": {\"S\": \"",
    "{\"S\":\"x\"}",
    "{\"$ne\": null}",
    "\\",
    "\\\"",
    "\\u0022}",
    "\"",
    "owner.title[0]",
    "labels.admin",
    "a.b",
    "a[0]",
    "[",
    "#",
    "##",
    "CUSTOMER#1#ORDER#2",
    "*",
    "%",
    "_",
    "..",
    "../../etc/passwd",
    "${jndi:ldap://localhost/x}",
    "{}",
    "{0}",
    "%s%n",
    "\r\nx-amz-target: DynamoDB_20120810.DeleteTable\r\n\r\n",
    "\n",
    "\0",
    "a\0b",
    "\u{1b}[2J",
    "\u{7f}",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "\u{ff07} OR 1=1",
    "\u{10ffff}",
    "true",
    "null",
    "0",
    " ",
];

fn hostile() -> impl Strategy<Value = String> {
    let known = || proptest::sample::select(HOSTILE);
    prop_oneof![
        known().prop_map(str::to_owned),
        (known(), ".{0,20}", known()).prop_map(|(a, b, c)| format!("{a}{b}{c}")),
        "[\\PC\\p{Cc}]{1,40}",
        "[:#()='\"\\\\{}\\[\\] .A-Za-z0-9]{1,60}",
    ]
}

/// One engine for all cases, whose runtime is never in the way of another test's.
struct Fixture {
    runtime: Runtime,
    engine: LocalEngine,
    client: SecureClient,
}

fn fixture() -> Fixture {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (engine, client) = runtime.block_on(async {
        let engine = crate::engine::embedded_engine().await;
        let client = crate::engine::embedded()
            .engine(&engine)
            .table::<Note>()
            .table::<Memo>()
            .build()
            .await
            .unwrap();
        (engine, client)
    });
    Fixture { runtime, engine, client }
}

impl Fixture {
    /// The requests that the calls send, without the values in them.
    fn shapes(&self, calls: impl AsyncFnOnce(&SecureClient)) -> Vec<(String, Value)> {
        self.engine.forget_requests();
        self.runtime.block_on(calls(&self.client));
        let requests = self.engine.requests();
        let shape = |body: &[u8]| shape(serde_json::from_slice(body).unwrap());
        requests.iter().map(|it| (it.operation().to_owned(), shape(it.body()))).collect()
    }
}

/// A request with every text that is a value, and every key of a map in a value, made the same.
fn shape(request: Value) -> Value {
    match request {
        Value::Object(members) => {
            let of_member = |(name, value)| match (name, value) {
                (name, Value::String(_)) if name == "S" => (name, "a value".into()),
                (name, Value::Array(texts)) if name == "SS" => (name, texts.len().into()),
                (name, Value::Object(entries)) if name == "M" => {
                    (name, entries.into_iter().map(|(_, value)| shape(value)).collect())
                }
                (name, value) => (name, shape(value)),
            };
            Value::Object(members.into_iter().map(of_member).collect())
        }
        Value::Array(elements) => elements.into_iter().map(shape).collect(),
        other => other,
    }
}

fn note(text: &str) -> Note {
    Note {
        owner: text.to_owned(),
        title: text.to_owned(),
        topic: Some(text.to_owned()),
        text: text.to_owned(),
        labels: BTreeMap::from([(text.to_owned(), text.to_owned())]),
        tags: BTreeSet::from([text.to_owned()]),
        lines: vec![text.to_owned()],
    }
}

fn key(text: &str) -> NoteKey {
    NoteKey { owner: text.to_owned(), title: text.to_owned() }
}

/// Every operation, with the text in every place that takes one; each must do what it says.
async fn everything(client: &SecureClient, text: &str) {
    let created = Note::create(note(text)).send(client).await.unwrap();
    assert_eq!(created, note(text));
    assert_eq!(Note::get(key(text)).send(client).await.unwrap(), Some(created));
    let all = [note(text)];
    for found in [
        Note::query(text).title(begins_with(text)),
        Note::query(text).title(text),
        Note::query(text).title(text..=text),
    ] {
        assert_eq!(found.page(client).await.unwrap().items, all);
    }
    let by_topic = Note::by_topic(text).title(begins_with(text));
    assert_eq!(by_topic.page(client).await.unwrap().items, all);
    for condition in [
        Note::TEXT.eq(text),
        Note::TEXT.begins_with(text),
        Note::TEXT.contains(text),
        Note::TEXT.between(text, text),
        Note::TEXT.is_in([text, HARMLESS]),
        Note::TAGS.eq(BTreeSet::from([text.to_owned()])),
        Note::LINES.contains(text),
        Note::LABELS.eq(BTreeMap::from([(text.to_owned(), text.to_owned())])),
        Note::TEXT.ne(text).not(),
    ] {
        let found = Note::query(text).filter(condition.clone()).page(client).await.unwrap();
        assert_eq!(found.items, all, "{condition:?}");
        let put = Note::put(note(text)).condition(condition);
        put.send(client).await.unwrap();
    }
    let updated = Note::update(key(text))
        .set(Note::TEXT, text)
        .set(Note::LABELS, BTreeMap::from([(text.to_owned(), text.to_owned())]))
        .set(Note::LINES, vec![text.to_owned()])
        .set(Note::TAGS, BTreeSet::from([text.to_owned()]))
        .condition(Note::TEXT.eq(text))
        .returning_new()
        .send(client)
        .await;
    assert_eq!(updated.unwrap(), note(text));
    let delete = Note::delete(key(text)).condition(Note::TITLE.eq(text)).returning_old();
    assert_eq!(delete.send(client).await.unwrap(), Some(note(text)));
    search(client, text).await;
    let upsert = Note::upsert_unconditionally(key(text)).set(Note::TEXT, text);
    upsert.send(client).await.unwrap();
    Note::delete(key(text)).if_exists().send(client).await.unwrap();
}

/// A search, with the text in the partition and in a filter.
async fn search(client: &SecureClient, text: &str) {
    let embedding = Embedding::from([0.5, 0.25]);
    let memo = Memo {
        title: text.to_owned(),
        owner: text.to_owned(),
        topic: Some(text.to_owned()),
        text: text.to_owned(),
        embedding: embedding.clone(),
    };
    Memo::create(memo).send(client).await.unwrap();
    let update = Memo::update(Memo::key(text)).set_with_embedding(Memo::TEXT, text, &embedding);
    update.if_exists().send(client).await.unwrap();
    let found = Memo::by_meaning(text, &embedding).filter(MemoByMeaning::TOPIC.eq(text)).top(5);
    let found = found.send(client).await.unwrap();
    let expected = MemoHit { title: text.to_owned(), topic: Some(text.to_owned()) };
    assert_eq!(found.into_iter().map(|hit| hit.item).collect::<Vec<_>>(), [expected]);
    Memo::delete(Memo::key(text)).if_exists().send(client).await.unwrap();
}

static SHAPES: LazyLock<Vec<(String, Value)>> =
    LazyLock::new(|| fixture().shapes(async |client| everything(client, HARMLESS).await));

#[test]
fn known_attacks_are_sent_in_requests_of_the_same_shape() {
    let fixture = fixture();
    for text in HOSTILE.iter().copied() {
        let shapes = fixture.shapes(async |client| everything(client, text).await);
        assert_eq!(shapes, *SHAPES, "{text:?}");
    }
}

#[test]
fn any_text_is_sent_in_requests_of_the_same_shape() {
    let fixture = fixture();
    proptest!(ProptestConfig::with_cases(24), |(text in hostile())| {
        let shapes = fixture.shapes(async |client| everything(client, &text).await);
        prop_assert_eq!(&shapes, &*SHAPES);
    });
}

#[test]
fn no_condition_holds_for_an_item_that_it_is_not_about() {
    let fixture = fixture();
    fixture.runtime.block_on(async {
        let client = &fixture.client;
        let innocent = Note::create(note(HARMLESS)).send(client).await.unwrap();
        let memo = Memo {
            title: HARMLESS.to_owned(),
            owner: HARMLESS.to_owned(),
            topic: Some(HARMLESS.to_owned()),
            text: HARMLESS.to_owned(),
            embedding: Embedding::from([0.5, 0.25]),
        };
        Memo::create(memo).send(client).await.unwrap();
        for text in HOSTILE.iter().copied() {
            for condition in [
                Note::TEXT.eq(text),
                Note::TEXT.begins_with(text),
                Note::TEXT.contains(text),
                Note::TEXT.is_in([text]),
                Note::TAGS.eq(BTreeSet::from([text.to_owned()])),
            ] {
                let found = Note::scan().filter(condition.clone()).count(client).await.unwrap();
                assert_eq!(found, 0, "{text:?} {condition:?}");
                let update = Note::update(key(HARMLESS)).set(Note::TEXT, "taken");
                let error = update.condition(condition.clone()).send(client).await.unwrap_err();
                assert!(error.is_condition_failed(), "{text:?} {condition:?}");
                let delete = Note::delete(key(HARMLESS)).condition(condition);
                assert!(delete.send(client).await.unwrap_err().is_condition_failed());
            }
            assert_eq!(Note::get(key(text)).send(client).await.unwrap(), None, "{text:?}");
            assert_eq!(Note::query(text).count(client).await.unwrap(), 0, "{text:?}");
            let prefix = Note::query(HARMLESS).title(begins_with(text));
            assert_eq!(prefix.count(client).await.unwrap(), 0, "{text:?}");
            let embedding = || Embedding::from([0.5, 0.25]);
            let of_partition = Memo::by_meaning(text, embedding()).top(5);
            assert!(of_partition.send(client).await.unwrap().is_empty(), "{text:?}");
            let filtered = Memo::by_meaning(HARMLESS, embedding());
            let filtered = filtered.filter(MemoByMeaning::TOPIC.eq(text)).top(5);
            assert!(filtered.send(client).await.unwrap().is_empty(), "{text:?}");
        }
        assert_eq!(Note::get(key(HARMLESS)).send(client).await.unwrap(), Some(innocent));
    });
}

#[test]
fn no_error_repeats_what_was_sent() {
    let fixture = fixture();
    fixture.runtime.block_on(async {
        for text in HOSTILE.iter().copied().filter(|text| text.len() > 4) {
            Note::create(note(text)).send(&fixture.client).await.unwrap();
            let error = Note::create(note(text)).send(&fixture.client).await.unwrap_err();
            assert!(!error.to_string().contains(text), "{error}");
            Note::delete(key(text)).if_exists().send(&fixture.client).await.unwrap();
        }
    });
}
