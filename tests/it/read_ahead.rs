//! The page that is read while the items of another are taken: the consumer's time is not the
//! service's.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use futures_util::Stream;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::entities::{Reading, engine, reading};

/// How many items have been decoded.
struct Decoded {
    count: AtomicUsize,
    more: Notify,
}

impl Decoded {
    const fn none() -> Self {
        Self { count: AtomicUsize::new(0), more: Notify::const_new() }
    }

    fn one(&self) -> u8 {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.more.notify_one();
        0
    }

    /// Waits for an event, in no time; the limit is for a test that fails.
    async fn reach(&self, count: usize) {
        let reached = async {
            while self.count.load(Ordering::SeqCst) < count {
                self.more.notified().await;
            }
        };
        let reached = timeout(Duration::from_mins(1), reached).await;
        assert!(reached.is_ok(), "{} of {count} are decoded", self.count.load(Ordering::SeqCst));
    }
}

static PHOTOS: Decoded = Decoded::none();
static SMALL: Decoded = Decoded::none();

fn photo_decoded() -> u8 {
    PHOTOS.one()
}

fn small_decoded() -> u8 {
    SMALL.one()
}

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "photos")]
struct Photo {
    #[dynamo(partition_key)]
    album: String,
    #[dynamo(sort_key)]
    number: u32,
    raw: Vec<u8>,
}

/// A photo that tells when it is decoded: its last attribute is in no item.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "photos")]
#[expect(
    clippy::struct_field_names,
    reason = "the name that is decoded by a function of that name"
)]
struct Seen {
    #[dynamo(partition_key)]
    album: String,
    #[dynamo(sort_key)]
    number: u32,
    #[dynamo(default = photo_decoded)]
    is_seen: u8,
}

/// The same, for a scan.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "photos", allow(scan))]
struct SeenByScan {
    #[dynamo(partition_key)]
    album: String,
    #[dynamo(sort_key)]
    number: u32,
    #[dynamo(default = small_decoded)]
    is_seen: u8,
}

async fn photos(bytes: usize, albums: u32, each: u32) -> (SecureClient, LocalEngine) {
    let engine = crate::engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Photo>().build().await.unwrap();
    for album in 0..albums {
        for number in 0..each {
            let photo = Photo { album: format!("a{album}"), number, raw: vec![7; bytes] };
            Photo::create(photo).send(&client).await.unwrap();
        }
    }
    engine.forget_requests();
    (client, engine)
}

fn sent(engine: &LocalEngine, operation: &str) -> usize {
    engine.requests().iter().filter(|request| request.operation() == operation).count()
}

/// A page of DynamoDB has 1 MB, more than a socket's buffer: what nobody reads stops on its way.
#[tokio::test]
async fn a_page_is_read_to_its_end_while_nobody_polls_the_stream() {
    let (client, engine) = photos(300_000, 1, 11).await;
    let mut stream = Seen::query("a0").items(&client);
    assert_eq!(stream.next().await.unwrap().unwrap().number, 0);
    // The first page, and the one ahead of it.
    let first = PHOTOS.count.load(Ordering::SeqCst);
    PHOTOS.reach(first.max(4) + 1).await;
    let pages = sent(&engine, "Query");
    assert_eq!(pages, 2, "no more than two pages are held");
    let mut numbers = Vec::new();
    while let Some(photo) = stream.next().await {
        numbers.push(photo.unwrap().number);
    }
    assert_eq!(numbers, (1..11).collect::<Vec<_>>());
    assert_eq!(PHOTOS.count.load(Ordering::SeqCst), 11, "no page is read twice");
    assert!(sent(&engine, "Query") >= 3);
}

#[tokio::test]
async fn all_segments_are_read_while_nobody_polls_the_scan() {
    let (client, engine) = photos(10, 8, 4).await;
    let segments = NonZeroUsize::new(16).unwrap();
    let mut scan = SeenByScan::scan().segments(segments).items(&client);
    scan.next().await.unwrap().unwrap();
    SMALL.reach(32).await;
    assert_eq!(scan.collect().await.unwrap().len(), 31);
    assert_eq!(sent(&engine, "Scan"), 16, "no page is asked for twice");
}

async fn five_readings() -> (SecureClient, LocalEngine) {
    let (client, engine) = engine().await;
    for number in 0..5 {
        let large = Reading { raw: vec![7; 300_000], ..reading("s", number) };
        Reading::create(large).send(&client).await.unwrap();
    }
    engine.forget_requests();
    (client, engine)
}

#[tokio::test]
async fn the_page_ahead_is_on_its_way_while_nobody_polls_the_stream() {
    let (client, engine) = five_readings().await;
    let mut stream = Reading::query("s").items(&client);
    assert_eq!(sent(&engine, "Query"), 0, "nothing is sent before it is polled");
    engine.faults().pause("Query").release();
    let held = engine.faults().pause("Query");
    stream.next().await.unwrap().unwrap();
    timeout(Duration::from_mins(1), held.reached()).await.unwrap();
    held.release();
    assert_eq!(stream.collect().await.unwrap().len(), 4);
    assert_eq!(sent(&engine, "Query"), 2);
}

#[test]
fn a_stream_goes_on_in_another_runtime() {
    // The engine lives on a runtime of its own.
    let of_engine = Runtime::new().unwrap();
    let (client, engine) = of_engine.block_on(five_readings());
    let first = Runtime::new().unwrap();
    let mut stream = Reading::query("s").items(&client);
    let held = first.block_on(async {
        engine.faults().pause("Query").release();
        let held = engine.faults().pause("Query");
        assert_eq!(stream.next().await.unwrap().unwrap().number, 0);
        held.reached().await;
        held
    });
    drop(first);
    held.release();
    let mut numbers = Vec::new();
    Runtime::new().unwrap().block_on(async {
        while let Some(reading) = stream.next().await {
            numbers.push(reading.unwrap().number);
        }
    });
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert_eq!(sent(&engine, "Query"), 3, "the page whose task was lost is asked for again");
}

#[test]
fn without_a_runtime_it_is_an_error_and_no_panic() {
    let runtime = Runtime::new().unwrap();
    let (client, _engine) = runtime.block_on(five_readings());
    let mut context = Context::from_waker(Waker::noop());
    let mut stream = Reading::query("s").items(&client);
    let Poll::Ready(Some(Err(error))) = Pin::new(&mut stream).poll_next(&mut context) else {
        panic!("there is no runtime")
    };
    assert!(error.to_string().contains("within a Tokio runtime"), "{error}");
    assert!(matches!(Pin::new(&mut stream).poll_next(&mut context), Poll::Ready(None)));

    // What is here can be taken anywhere, and the next page where there is a runtime.
    let mut stream = Reading::query("s").items(&client);
    assert_eq!(runtime.block_on(stream.next()).unwrap().unwrap().number, 0);
    let Poll::Ready(Some(Ok(second))) = Pin::new(&mut stream).poll_next(&mut context) else {
        panic!("the first page is here")
    };
    assert_eq!(second.number, 1);
    assert_eq!(runtime.block_on(stream.collect()).unwrap().len(), 3);
}
