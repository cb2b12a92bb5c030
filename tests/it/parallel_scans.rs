//! A whole table in segments, side by side.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::{Duration, Instant};

use dynamo_runtime::operation::{CursorKey, CursorKeys};
use dynamo_runtime::operation::{Primary, ScanCheckpoint};
use dynamo_runtime::prelude::*;

use crate::entities::{Reading, ReadingByUnit, Session, client, engine, reading};

fn segments(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

async fn readings(client: &SecureClient, count: u32) {
    for number in 0..count {
        let sensor = format!("s{}", number % 7);
        Reading::create(reading(&sensor, number)).send(client).await.unwrap();
    }
}

fn numbers(readings: &[Reading]) -> Vec<u32> {
    let mut numbers: Vec<_> = readings.iter().map(|reading| reading.number).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn the_segments_together_are_the_table() {
    let (client, engine) = engine().await;
    readings(&client, 30).await;
    for count in [1, 2, 5, 40] {
        engine.forget_requests();
        let all = Reading::scan().segments(segments(count)).items(&client).collect().await;
        assert_eq!(numbers(&all.unwrap()), (0..30).collect::<Vec<_>>(), "{count} segments");
        assert_eq!(engine.requests().len(), count);
    }
    let odd = Reading::scan().filter(Reading::VALUE.is_in([0.5, 1.5]));
    let found = odd.segments(segments(3)).items(&client).collect().await.unwrap();
    assert_eq!(numbers(&found), [1, 3]);
}

#[tokio::test]
async fn it_goes_on_from_its_checkpoint() {
    let client = client().await;
    readings(&client, 30).await;
    // A request looks at a tenth of a second's items, so that there are pages.
    let rate = NonZeroU32::new(20).unwrap();
    let scan = || Reading::scan().segments(segments(3)).items_per_second(rate);
    let mut items = scan().items(&client);
    assert!(!items.checkpoint().is_over());
    let mut taken = Vec::new();
    for _ in 0..10 {
        taken.push(items.next().await.unwrap().unwrap());
    }
    let keys = CursorKeys::new(CursorKey::from_bytes(&[1; 32]));
    let text = keys.seal_checkpoint(&items.checkpoint()).unwrap();
    drop(items);

    assert!(keys.open_checkpoint::<Session, Primary>(&text).unwrap_err().is_refused());
    let checkpoint: ScanCheckpoint<Reading> = keys.open_checkpoint(&text).unwrap();
    let mut rest = Reading::scan().resume(checkpoint).items(&client);
    while let Some(item) = rest.next().await {
        taken.push(item.unwrap());
    }
    let mut found = numbers(&taken);
    found.dedup();
    assert_eq!(found, (0..30).collect::<Vec<_>>(), "none is left out");
    assert!(rest.checkpoint().is_over());
    assert!(Reading::scan().resume(rest.checkpoint()).items(&client).next().await.is_none());
}

#[tokio::test]
async fn an_error_ends_it_and_leaves_its_checkpoint() {
    let (client, engine) = engine().await;
    readings(&client, 30).await;
    let mut items = Reading::scan().segments(segments(2)).items(&client);
    engine.faults().fail("Scan", 400, "ValidationException");
    let mut taken = Vec::new();
    let error = loop {
        match items.next().await.unwrap() {
            Ok(item) => taken.push(item),
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), Some("ValidationException"));
    while let Some(item) = items.next().await {
        taken.push(item.unwrap());
    }
    assert!(taken.len() < 30);
    let rest = Reading::scan().resume(items.checkpoint()).items(&client).collect().await.unwrap();
    taken.extend(rest);
    let mut found = numbers(&taken);
    found.dedup();
    assert_eq!(found, (0..30).collect::<Vec<_>>());
}

#[tokio::test]
async fn it_reads_no_faster_than_it_is_told() {
    let (client, engine) = engine().await;
    readings(&client, 30).await;
    engine.forget_requests();
    let rate = NonZeroU32::new(100).unwrap();
    let begun = Instant::now();
    let all = Reading::scan().segments(segments(3)).items_per_second(rate).items(&client);
    assert_eq!(all.collect().await.unwrap().len(), 30);
    // Requests of ten items each, of which the first leaves at once: at least one for each
    // segment, and one more where a segment is not at its end.
    let requests = u32::try_from(engine.requests().len()).unwrap();
    assert!(requests >= 3, "{requests}");
    assert!(begun.elapsed() >= Duration::from_millis(100) * (requests - 1), "{requests}");
}

#[tokio::test]
async fn it_takes_neither_a_limit_nor_a_cursor_nor_too_many_segments() {
    let (client, engine) = engine().await;
    readings(&client, 3).await;
    let next = Reading::scan().limit(1).page(&client).await.unwrap().next.unwrap();
    engine.forget_requests();
    for scan in [
        Reading::scan().limit(2).segments(segments(2)),
        Reading::scan().after(next).segments(segments(2)),
        Reading::scan().segments(segments(1_000_001)),
    ] {
        let mut items = scan.items(&client);
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.is_invalid(), "{error}");
        assert!(items.next().await.is_none());
    }
    assert_eq!(engine.requests().len(), 0);
}

#[tokio::test]
async fn a_checkpoint_belongs_to_its_scan() {
    let (client, engine) = engine().await;
    readings(&client, 10).await;
    let odd = || Reading::scan().filter(Reading::VALUE.is_in([0.5, 1.5]));
    let checkpoint = odd().segments(segments(2)).items(&client).checkpoint();
    let keys = CursorKeys::new(CursorKey::from_bytes(&[1; 32]));
    let text = keys.seal_checkpoint(&checkpoint).unwrap();
    assert!(keys.open_checkpoint::<Reading, ReadingByUnit>(&text).unwrap_err().is_refused());
    let opened: ScanCheckpoint<Reading> = keys.open_checkpoint(&text).unwrap();
    engine.forget_requests();
    for others in [
        Reading::scan().resume(opened.clone()),
        Reading::scan().filter(Reading::COUNT.eq(0)).resume(opened.clone()),
        odd().filter(Reading::COUNT.eq(0)).resume(checkpoint.clone()),
    ] {
        let mut items = others.items(&client);
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.is_invalid(), "{error}");
        assert!(error.to_string().contains("another scan"), "{error}");
        assert!(items.next().await.is_none());
    }
    assert_eq!(engine.requests().len(), 0);
    let same = odd().eventually_consistent().resume(opened).items(&client).collect().await.unwrap();
    assert_eq!(numbers(&same), [1, 3]);
    assert_eq!(engine.requests().len(), 2, "in as many segments");
}

#[tokio::test]
async fn an_index_is_scanned_as_a_table_is() {
    let (client, engine) = engine().await;
    readings(&client, 6).await;
    Reading::create(Reading { unit: None, ..reading("s", 9) }).send(&client).await.unwrap();
    engine.forget_requests();
    let scan = || Reading::scan_index::<ReadingByUnit>();
    let all = scan().items(&client).collect().await.unwrap();
    assert_eq!(numbers(&all), [0, 1, 2, 3, 4, 5], "what has no key of the index is not in it");
    let request: serde_json::Value = serde_json::from_slice(engine.requests()[0].body()).unwrap();
    assert_eq!(request["IndexName"], "unit-index");
    assert_eq!(request["ConsistentRead"], serde_json::Value::Null);
    assert_eq!(scan().count(&client).await.unwrap(), 6);
    let odd = scan().filter(Reading::VALUE.is_in([0.5, 1.5])).segments(segments(2));
    assert_eq!(numbers(&odd.items(&client).collect().await.unwrap()), [1, 3]);
    let first = scan().limit(4).page(&client).await.unwrap();
    let mut found = numbers(&first.items);
    let rest = scan().after(first.next.unwrap()).page(&client).await.unwrap();
    found.extend(numbers(&rest.items));
    found.sort_unstable();
    assert_eq!(found, [0, 1, 2, 3, 4, 5]);
    let checkpoint = scan().segments(segments(3)).items(&client).checkpoint();
    let all = scan().resume(checkpoint).items(&client).collect().await.unwrap();
    assert_eq!(all.len(), 6);
}
