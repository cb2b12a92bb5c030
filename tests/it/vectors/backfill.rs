//! Items that were there before their embeddings.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use dynamo_runtime::prelude::*;

use crate::engine::embedded;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "library", allow(scan), partition_key("pk") = "BOOK#{id}")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    of = text,
    sparse,
    distance = euclidean,
    projects = BookHit
))]
struct Book {
    id: u32,
    text: Option<String>,
    embedding: Option<Embedding<2>>,
    #[dynamo(version)]
    version: Version,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Book)]
struct BookHit {
    id: u32,
}

/// Another entity of the table, which has a text too.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "library", partition_key("pk") = "SHELF#{id}")]
struct Shelf {
    id: u32,
    text: String,
}

fn embedded_text(text: &str) -> Embedding<2> {
    Embedding::from([f32::from(u8::try_from(text.len()).unwrap()), 1.0])
}

async fn client_with(texts: &[Option<&str>]) -> SecureClient {
    let client = embedded().table::<Book>().table::<Shelf>().build().await.unwrap();
    for (text, id) in texts.iter().zip(1..) {
        let text = text.map(str::to_owned);
        let book = Book { id, text, embedding: None, version: Version::UNSAVED };
        Book::create(book).send(&client).await.unwrap();
    }
    client
}

async fn book(client: &SecureClient, id: u32) -> Book {
    Book::get(Book::key(id)).send(client).await.unwrap().unwrap()
}

#[tokio::test]
async fn each_text_gets_its_embedding_once() {
    let client = client_with(&[Some("a"), Some("bbb"), None, Some(""), Some("cc")]).await;
    Shelf::create(Shelf { id: 1, text: "oak".into() }).send(&client).await.unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let embed = |texts: Vec<String>| {
        asked.lock().unwrap().push(texts.len());
        async move { Ok(texts.iter().map(|text| embedded_text(text)).collect()) }
    };
    let told = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&told);
    let backfill = BookByMeaning::backfill().batch(2);
    let backfill = backfill.told(move |done| lines.lock().unwrap().push(done.embedded));
    let done = backfill.send(&client, embed).await.unwrap();
    assert_eq!((done.embedded, done.changed, done.without_text, done.others), (3, 0, 2, 1));
    assert_eq!(*asked.lock().unwrap(), [2, 1]);
    assert_eq!(*told.lock().unwrap(), [2, 3]);
    let written = book(&client, 2).await;
    assert_eq!(written.embedding, Some(embedded_text("bbb")));
    assert_eq!(written.version, Version::new(2), "it is a write like any other");
    let found = Book::by_meaning(embedded_text("bbb")).top(1).send(&client).await.unwrap();
    assert_eq!(found[0].item, BookHit { id: 2 });

    let none = async |_| panic!("all have one");
    let again = BookByMeaning::backfill().send(&client, none).await.unwrap();
    assert_eq!((again.embedded, again.without_text), (0, 2));
}

#[tokio::test]
async fn a_text_that_changes_meanwhile_keeps_no_stale_embedding() {
    let client = client_with(&[Some("a"), Some("bb"), Some("ccc"), Some("dddd")]).await;
    let writer = client.clone();
    let embed = |texts: Vec<String>| {
        let client = writer.clone();
        async move {
            let new = Some(embedded_text("longer"));
            let update =
                Book::update(Book::key(1_u32)).set_with_embedding(Book::TEXT, "longer", new);
            update.if_exists().send(&client).await?;
            let changed = Book { text: Some("other".into()), ..book(&client, 2).await };
            Book::replace(changed).send(&client).await?;
            Book::delete(Book::key(3_u32)).if_exists().send(&client).await?;
            Ok(texts.iter().map(|text| embedded_text(text)).collect())
        }
    };
    let done = BookByMeaning::backfill().send(&client, embed).await.unwrap();
    assert_eq!((done.embedded, done.changed), (1, 3));
    assert_eq!(book(&client, 1).await.embedding, Some(embedded_text("longer")));
    assert_eq!(book(&client, 2).await.embedding, None);
    assert_eq!(Book::get(Book::key(3_u32)).send(&client).await.unwrap(), None);
    assert_eq!(book(&client, 4).await.embedding, Some(embedded_text("dddd")));
    // What was left is done when it is sent again.
    let embed =
        async |texts: Vec<String>| Ok(texts.iter().map(|text| embedded_text(text)).collect());
    let done = BookByMeaning::backfill().send(&client, embed).await.unwrap();
    assert_eq!((done.embedded, done.changed), (1, 0));
    assert_eq!(book(&client, 2).await.embedding, Some(embedded_text("other")));
}

#[tokio::test]
async fn a_function_that_fails_ends_it_and_it_goes_on_from_there() {
    let client = client_with(&[Some("a"), Some("bb"), Some("ccc")]).await;
    let mut calls = 0;
    let embed = |texts: Vec<String>| {
        calls += 1;
        let fails = calls == 2;
        async move {
            if fails {
                return Err("the model is down".into());
            }
            Ok(texts.iter().map(|text| embedded_text(text)).collect())
        }
    };
    let error = BookByMeaning::backfill().batch(1).send(&client, embed).await.unwrap_err();
    assert!(error.is_aborted(), "{error}");
    assert_eq!(error.operation(), "backfill");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "the model is down");

    let short = async |_| Ok(Vec::new());
    let error = BookByMeaning::backfill().send(&client, short).await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "of 2 texts 0 embeddings were made");

    let embed =
        async |texts: Vec<String>| Ok(texts.iter().map(|text| embedded_text(text)).collect());
    let done = BookByMeaning::backfill().send(&client, embed).await.unwrap();
    assert_eq!(done.embedded, 2);
}

#[tokio::test]
async fn no_more_is_written_in_a_second_than_was_said() {
    let client = client_with(&[Some("a"), Some("bb"), Some("ccc")]).await;
    let embed =
        async |texts: Vec<String>| Ok(texts.iter().map(|text| embedded_text(text)).collect());
    let start = Instant::now();
    let backfill = BookByMeaning::backfill().rate(NonZeroU32::new(5).unwrap());
    assert_eq!(backfill.send(&client, embed).await.unwrap().embedded, 3);
    assert!(start.elapsed().as_millis() >= 400, "{:?}", start.elapsed());
}
