use std::time::Duration;

use dynamo_runtime::prelude::*;
use futures_util::StreamExt;

use crate::engine::eventually;
use crate::entities::{Reading, ReadingQuery, User, client, engine, reading, user};

async fn readings(client: &SecureClient, numbers: std::ops::Range<u32>) {
    for number in numbers {
        Reading::create(reading("s", number)).send(client).await.unwrap();
    }
    Reading::create(reading("other", 3)).send(client).await.unwrap();
}

fn numbers(readings: &[Reading]) -> Vec<u32> {
    readings.iter().map(|reading| reading.number).collect()
}

#[tokio::test]
async fn a_query_reads_one_partition_in_order() {
    let client = client().await;
    readings(&client, 0..5).await;
    let all = Reading::query("s").items(&client).collect().await.unwrap();
    assert_eq!(numbers(&all), [0, 1, 2, 3, 4]);
    let back = Reading::query("s").descending().items(&client).collect().await.unwrap();
    assert_eq!(numbers(&back), [4, 3, 2, 1, 0]);
    assert_eq!(Reading::query("s").count(&client).await.unwrap(), 5);
    assert_eq!(Reading::query("nobody").items(&client).collect().await.unwrap(), []);
}

#[tokio::test]
async fn the_sort_key_takes_a_value_or_a_range() {
    let client = client().await;
    readings(&client, 0..6).await;
    let query = || Reading::query("s");
    let cases = [
        (query().number(3), vec![3]),
        (query().number(4..), vec![4, 5]),
        (query().number(..2), vec![0, 1]),
        (query().number(..=2), vec![0, 1, 2]),
        (query().number(2..=3), vec![2, 3]),
    ];
    for (query, expected) in cases {
        assert_eq!(numbers(&query.items(&client).collect().await.unwrap()), expected);
    }
}

#[tokio::test]
async fn a_limit_counts_what_the_filter_leaves() {
    let client = client().await;
    readings(&client, 0..9).await;
    let odd = || Reading::query("s").filter(Reading::VALUE.is_in([0.5, 1.5, 2.5, 3.5]));
    let page = odd().limit(3).page(&client).await.unwrap();
    assert_eq!(numbers(&page.items), [1, 3, 5]);
    let rest = odd().after(page.next.unwrap()).page(&client).await.unwrap();
    assert_eq!(numbers(&rest.items), [7]);
    assert!(rest.next.is_none());
    let items = odd().limit(2).items(&client).collect().await.unwrap();
    assert_eq!(numbers(&items), [1, 3]);
    assert_eq!(odd().count(&client).await.unwrap(), 4);
}

#[tokio::test]
async fn a_count_is_that_of_the_items_that_the_same_query_gives() {
    let client = client().await;
    readings(&client, 0..9).await;
    let odd = || Reading::query("s").filter(Reading::VALUE.is_in([0.5, 1.5, 2.5, 3.5]));
    for limit in [1, 2, 3, 4, 5, 100, usize::MAX] {
        for query in [Reading::query("s"), odd(), odd().descending()] {
            let query = query.limit(limit);
            let items = query.clone().items(&client).collect().await.unwrap();
            let count = query.clone().count(&client).await.unwrap();
            assert_eq!(count, items.len() as u64, "{limit}: {query:?}");
        }
    }
    let page = odd().limit(1).page(&client).await.unwrap();
    let rest = odd().after(page.next.unwrap()).limit(2);
    assert_eq!(rest.count(&client).await.unwrap(), 2);
    assert_eq!(Reading::scan().limit(7).count(&client).await.unwrap(), 7);
    assert_eq!(Reading::scan().count(&client).await.unwrap(), 10);
    assert!(Reading::query("s").limit(0).count(&client).await.unwrap_err().is_invalid());
}

#[tokio::test]
async fn a_limit_costs_few_requests_however_much_the_filter_leaves_out() {
    let (client, engine) = engine().await;
    readings(&client, 0..60).await;
    engine.forget_requests();
    let rare = || Reading::query("s").filter(Reading::VALUE.is_in([20.0, 20.5, 29.0]));
    let first = rare().limit(1).page(&client).await.unwrap();
    assert_eq!(numbers(&first.items), [40]);
    assert!(engine.requests().len() <= 6, "{}", engine.requests().len());
    let rest = rare().limit(9).after(first.next.unwrap()).items(&client).collect().await;
    assert_eq!(numbers(&rest.unwrap()), [41, 58]);
}

#[tokio::test]
async fn a_page_that_was_cut_goes_on_after_its_last_item_in_an_index_too() {
    let client = client().await;
    readings(&client, 0..20).await;
    let by_unit = || Reading::by_unit("celsius").filter(Reading::VALUE.ge(2.0)).descending();
    let expected: Vec<_> = (4..20).rev().collect();
    eventually(expected, async || {
        let mut found = Vec::new();
        let mut page = by_unit().limit(3).page(&client).await.unwrap();
        loop {
            assert!(page.items.len() <= 3);
            found.extend(numbers(&page.items));
            let Some(cursor) = page.next else { break found };
            page = by_unit().limit(3).after(cursor).page(&client).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let client = client().await;
    readings(&client, 0..7).await;
    let mut found = Vec::new();
    let mut next = None;
    loop {
        let mut query = Reading::query("s").limit(3);
        if let Some(cursor) = next.take() {
            query = query.after(cursor);
        }
        let page = query.send(&client).await.unwrap();
        found.extend(numbers(&page.items));
        match page.next {
            Some(cursor) => next = Some(cursor),
            None => break,
        }
    }
    assert_eq!(found, [0, 1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn reads_of_a_table_are_strongly_consistent_unless_asked() {
    let (client, engine) = engine().await;
    let consistent = || {
        let request = engine.requests().last().unwrap().body().to_vec();
        let body: serde_json::Value = serde_json::from_slice(&request).unwrap();
        body["ConsistentRead"].as_bool().unwrap_or_default()
    };
    let get = || Reading::get(crate::entities::reading_key("s", 1));
    get().send(&client).await.unwrap();
    assert!(consistent());
    get().eventually_consistent().send(&client).await.unwrap();
    assert!(!consistent());
    Reading::query("s").page(&client).await.unwrap();
    assert!(consistent());
    Reading::query("s").eventually_consistent().page(&client).await.unwrap();
    assert!(!consistent());
    Reading::scan().page(&client).await.unwrap();
    assert!(consistent());
    Reading::scan().eventually_consistent().page(&client).await.unwrap();
    assert!(!consistent());
    Reading::by_unit("celsius").page(&client).await.unwrap();
    assert!(!consistent());
}

#[tokio::test]
async fn a_stream_goes_on_past_one_megabyte() {
    let (client, engine) = engine().await;
    for number in 0..5 {
        let large = Reading { raw: vec![7; 300_000], ..reading("s", number) };
        Reading::create(large).send(&client).await.unwrap();
    }
    let mut stream = Reading::query("s").items(&client);
    let mut found = Vec::new();
    while let Some(reading) = stream.next().await {
        found.push(reading.unwrap().number);
    }
    assert_eq!(found, [0, 1, 2, 3, 4]);
    assert!(stream.next().await.is_none());
    let queries = engine.requests().iter().filter(|request| request.operation() == "Query").count();
    assert!(queries >= 2, "{queries}");
    assert_eq!(Reading::query("s").count(&client).await.unwrap(), 5);
    // More than DynamoDB's `Limit` holds.
    let all = Reading::query("s").limit(usize::MAX).items(&client).collect().await.unwrap();
    assert_eq!(numbers(&all), [0, 1, 2, 3, 4]);
    let page = Reading::query("s").limit(usize::MAX).page(&client).await.unwrap();
    assert_eq!((numbers(&page.items), page.next.is_none()), (vec![0, 1, 2, 3, 4], true));
    for request in engine.requests().iter().filter(|request| request.operation() == "Query") {
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        assert!(body["Limit"].as_u64().is_none_or(|limit| limit <= 2_147_483_647), "{body}");
    }
}

#[tokio::test]
async fn a_stream_can_be_sent_and_kept() {
    fn check(_: &(impl futures_util::Stream + Send + Unpin + 'static)) {}
    let client = client().await;
    readings(&client, 0..3).await;
    let items = Reading::query("s").items(&client);
    check(&items);
    drop(client);
    let task = tokio::spawn(items.map(|reading| reading.unwrap().number).collect::<Vec<_>>());
    assert_eq!(task.await.unwrap(), [0, 1, 2]);
}

#[tokio::test]
async fn an_index_is_queried_by_its_own_keys() {
    let client = client().await;
    readings(&client, 0..4).await;
    let unfiled = Reading { unit: None, ..reading("s", 9) };
    Reading::create(unfiled).send(&client).await.unwrap();
    let at = |seconds| Timestamp::from_epoch_seconds(seconds).unwrap();
    let celsius = || Reading::by_unit("celsius").taken_at(at(2)..);
    let times = async || -> Vec<_> {
        let found = celsius().items(&client).collect().await.unwrap();
        found.iter().map(|reading| reading.taken_at).collect()
    };
    eventually(vec![Some(at(2)), Some(at(3)), Some(at(3))], times).await;
    let of_one = || Reading::by_unit("celsius").filter(Reading::SENSOR.eq("other"));
    let found = async || numbers(&of_one().items(&client).collect().await.unwrap());
    eventually(vec![3], found).await;
}

#[tokio::test]
async fn text_sort_keys_take_a_prefix() {
    use crate::entities::{Session, SessionQuery};
    let client = client().await;
    for token in ["aa", "ab", "b"] {
        let session = Session {
            owner: "o".to_owned(),
            token: token.to_owned(),
            hits: 0,
            created_at: Timestamp::now(),
            updated_at: Timestamp::now(),
            expires_at: Timestamp::now() + Duration::from_mins(1),
        };
        Session::create(session).send(&client).await.unwrap();
    }
    let a = Session::query("o").token(begins_with("a")).items(&client).collect().await.unwrap();
    assert_eq!(a.iter().map(|session| session.token.as_str()).collect::<Vec<_>>(), ["aa", "ab"]);
    let b = Session::query("o").token("b").count(&client).await.unwrap();
    assert_eq!(b, 1);
}

#[tokio::test]
async fn a_declared_scan_reads_the_table() {
    let client = client().await;
    readings(&client, 0..4).await;
    assert_eq!(Reading::scan().count(&client).await.unwrap(), 5);
    let found = Reading::scan().filter(Reading::SENSOR.eq("s")).limit(3).items(&client);
    assert_eq!(found.collect().await.unwrap().len(), 3);
    let first = Reading::scan().limit(2).page(&client).await.unwrap();
    let rest = Reading::scan().after(first.next.unwrap()).page(&client).await.unwrap();
    assert_eq!(first.items.len() + rest.items.len(), 5);
}

#[tokio::test]
async fn an_index_gives_whole_entities() {
    let client = client().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    User::create(user("u2")).send(&client).await.unwrap();
    let found = async || User::by_email("u1@example.com").items(&client).collect().await.unwrap();
    eventually(vec![created], found).await;
}

/// A local index, whose keys are the table's in part.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "visits", index(by_time, name = "time-index", local, sort_key = at))]
struct Visit {
    #[dynamo(partition_key)]
    page: String,
    #[dynamo(sort_key)]
    visitor: u32,
    at: Timestamp,
    seconds: u32,
}

#[tokio::test]
async fn a_local_index_is_read_consistently_and_page_by_page() {
    let engine = crate::engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Visit>().build().await.unwrap();
    for visitor in 0..6_u32 {
        let at = Timestamp::from_epoch_seconds(i64::from(100 - visitor)).unwrap();
        let visit = Visit { page: "p".to_owned(), visitor, at, seconds: visitor / 2 };
        Visit::create(visit).send(&client).await.unwrap();
    }
    let visitors = |visits: &[Visit]| visits.iter().map(|visit| visit.visitor).collect::<Vec<_>>();
    // The third request looks at more than is wanted, so the page is cut and goes on after its
    // last item by that item's own keys.
    let short = || Visit::by_time("p").consistent().filter(Visit::SECONDS.eq(0));
    let page = short().limit(1).page(&client).await.unwrap();
    assert_eq!(visitors(&page.items), [1]);
    let rest = short().after(page.next.unwrap()).page(&client).await.unwrap();
    assert_eq!((visitors(&rest.items), rest.next.is_none()), (vec![0], true));
    let request = engine.requests().last().unwrap().body().to_vec();
    assert_eq!(String::from_utf8(request).unwrap().matches(r#""page":"#).count(), 1);
    let all = Visit::by_time("p").items(&client).collect().await.unwrap();
    assert_eq!(visitors(&all), [5, 4, 3, 2, 1, 0]);
}

#[tokio::test]
async fn a_stream_reads_one_page_ahead_and_no_further() {
    let (client, engine) = engine().await;
    readings(&client, 0..40).await;
    engine.forget_requests();
    // The page after the first asks for more, as a filter may leave out most.
    let filter = Reading::VALUE.is_in([0.0, 5.0, 10.0, 15.0]);
    let mut items = Reading::query("s").filter(filter).limit(4).items(&client);
    assert_eq!(items.next().await.unwrap().unwrap().number, 0);
    let asked = || engine.requests().len();
    while asked() < 2 {
        // It is on its way without a poll of the stream.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(asked(), 2);
    let rest = items.collect().await.unwrap();
    assert_eq!(numbers(&rest), [10, 20, 30]);
}
