//! Templated keys of indexes.

use dynamo_runtime::operation::Primary;
use dynamo_runtime::operation::Query;
use dynamo_runtime::prelude::*;

use super::shop::{Order, OrderByDepotPartition, OrderQuery, client, day, order};
use crate::engine::eventually;

fn ids(orders: &[Order]) -> Vec<u32> {
    orders.iter().map(|order| order.order_id).collect()
}

#[tokio::test]
async fn an_index_is_queried_by_its_parts() {
    let client = client().await;
    for (id, status) in [(1, "open"), (2, "open"), (3, "sent"), (4, "open#1")] {
        let mut order = order("ada", u8::try_from(id).unwrap(), id);
        order.status = status.to_owned();
        Order::create(order).send(&client).await.unwrap();
    }
    let open = || Order::by_status("open").items(&client).collect();
    eventually(vec![1, 2], async || ids(&open().await.unwrap())).await;
    let late = || Order::by_status("open").placed_at(day(2)..).items(&client).collect();
    eventually(vec![2], async || ids(&late().await.unwrap())).await;
    eventually(1, async || Order::by_status("open#1").count(&client).await.unwrap()).await;
}

#[tokio::test]
async fn an_item_without_a_part_is_left_out() {
    let client = client().await;
    let depot = |country: Option<&str>, depot, shelf, id| {
        let mut order = order("ada", 1, id);
        order.country = country.map(str::to_owned);
        order.depot = depot;
        order.shelf = shelf;
        order
    };
    for order in [
        depot(Some("de"), Some(1), Some(10), 1),
        depot(Some("de"), Some(1), Some(-10), 2),
        depot(Some("de"), Some(1), Some(-1), 3),
        depot(Some("de"), Some(1), None, 4),
        depot(Some("de"), None, Some(1), 5),
        depot(None, Some(1), Some(1), 6),
        depot(Some("de"), Some(11), Some(1), 7),
    ] {
        Order::create(order).send(&client).await.unwrap();
    }
    let partition = OrderByDepotPartition { country: "de".to_owned(), depot: 1 };
    let all = || Order::by_depot(&partition).items(&client).collect();
    eventually(vec![2, 3, 1], async || ids(&all().await.unwrap())).await;
    let negative = || Order::by_depot(&partition).shelf(..=-1).items(&client).collect();
    eventually(vec![2, 3], async || ids(&negative().await.unwrap())).await;
    let one = || Order::by_depot(&partition).shelf(-1).order_id(3).items(&client).collect();
    eventually(vec![3], async || ids(&one().await.unwrap())).await;
}

/// Text as a part in the middle of a key.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "pages")]
#[dynamo(partition_key("pk") = "SITE", sort_key("sk") = "PAGE#{path}#{language}")]
struct Page {
    path: String,
    language: String,
}

async fn paths<S>(client: &SecureClient, query: Query<Page, Primary, S>) -> Vec<String> {
    let pages = query.items(client).collect().await.unwrap();
    pages.into_iter().map(|page| page.path).collect()
}

#[tokio::test]
async fn a_prefix_of_a_text_part_ends_nowhere_else() {
    let client = crate::engine::client().table::<Page>().build().await;
    for path in ["a", "a b", "a#b", "ab", "b"] {
        let page = Page { path: path.to_owned(), language: "en".to_owned() };
        Page::create(page).send(&client).await.unwrap();
    }
    assert_eq!(paths(&client, Page::query(())).await, ["a", "a b", "a#b", "ab", "b"]);
    assert_eq!(
        paths(&client, Page::query(()).path(begins_with("a"))).await,
        ["a", "a b", "a#b", "ab"]
    );
    assert_eq!(paths(&client, Page::query(()).path(begins_with("a "))).await, ["a b"]);
    assert_eq!(
        paths(&client, Page::query(()).path("a".to_owned()..="a b".to_owned())).await,
        ["a", "a b"]
    );
    assert_eq!(Page::query(()).path("a").count(&client).await.unwrap(), 1);
    let error = Page::query(()).path(begins_with("")).page(&client).await.unwrap_err();
    assert!(error.to_string().contains("the prefix for `path` is empty"), "{error}");
}
