//! Updates never leave a key of an index behind.

use dynamo_runtime::prelude::*;

use super::shop::{Order, OrderByDepotKey, OrderByDepotPartition, client, day, key, order, raw};
use crate::engine::eventually;

#[tokio::test]
async fn the_only_part_of_a_key_is_set_with_it() {
    let client = client().await;
    Order::create(order("ada", 1, 1)).send(&client).await.unwrap();
    let updated = Order::update(key("ada", 1, 1))
        .set(Order::STATUS, "sent")
        .if_exists()
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(updated.status, "sent");
    let stored = raw(&client, &key("ada", 1, 1)).await;
    assert_eq!(stored.gsi1pk.as_deref(), Some("STATUS#sent"));
    assert_eq!(stored.gsi1sk, Some(day(1).to_string()));
    eventually(0, async || Order::by_status("open").count(&client).await.unwrap()).await;
    eventually(1, async || Order::by_status("sent").count(&client).await.unwrap()).await;
}

#[tokio::test]
async fn an_update_of_another_attribute_leaves_the_keys() {
    let client = client().await;
    Order::create(order("ada", 1, 1)).send(&client).await.unwrap();
    let before = raw(&client, &key("ada", 1, 1)).await;
    Order::update(key("ada", 1, 1)).add(Order::TOTAL, 5).if_exists().send(&client).await.unwrap();
    let after = raw(&client, &key("ada", 1, 1)).await;
    assert_eq!((after.total, after.gsi1pk, after.gsi1sk), (105, before.gsi1pk, before.gsi1sk));
}

#[tokio::test]
async fn the_parts_of_a_key_are_set_at_once() {
    let client = client().await;
    Order::create(order("ada", 1, 1)).send(&client).await.unwrap();
    let by_depot = || Order::by_depot(OrderByDepotPartition { country: "de".to_owned(), depot: 9 });
    let pack = |depot| {
        Order::update(key("ada", 1, 1))
            .set_index_key(OrderByDepotKey { country: Some("de".to_owned()), depot })
            .set(Order::SHELF, 3)
            .if_exists()
            .returning_new()
            .send(&client)
    };
    let packed = pack(Some(9)).await.unwrap();
    assert_eq!(
        (packed.country.as_deref(), packed.depot, packed.shelf),
        (Some("de"), Some(9), Some(3))
    );
    let stored = raw(&client, &key("ada", 1, 1)).await;
    assert_eq!(stored.gsi2pk.as_deref(), Some("DEPOT#de#009"));
    assert_eq!(stored.gsi2sk.as_deref(), Some("SHELF#000003#0000000001"));
    eventually(1, async || by_depot().count(&client).await.unwrap()).await;

    // Without one of its parts there is no key.
    let unpacked = pack(None).await.unwrap();
    assert_eq!((unpacked.country.as_deref(), unpacked.depot), (Some("de"), None));
    assert_eq!(raw(&client, &key("ada", 1, 1)).await.gsi2pk, None);
    eventually(0, async || by_depot().count(&client).await.unwrap()).await;
}

#[tokio::test]
async fn a_part_that_is_removed_takes_the_key_with_it() {
    let client = client().await;
    let mut packed = order("ada", 1, 1);
    packed.shelf = Some(1);
    Order::create(packed).send(&client).await.unwrap();
    assert!(raw(&client, &key("ada", 1, 1)).await.gsi2sk.is_some());
    Order::update(key("ada", 1, 1)).remove(Order::SHELF).if_exists().send(&client).await.unwrap();
    assert_eq!(raw(&client, &key("ada", 1, 1)).await.gsi2sk, None);
    Order::update(key("ada", 1, 1)).set(Order::SHELF, 2).if_exists().send(&client).await.unwrap();
    Order::update(key("ada", 1, 1))
        .set(Order::SHELF, None)
        .if_exists()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(raw(&client, &key("ada", 1, 1)).await.gsi2sk, None);
}

#[tokio::test]
async fn a_part_that_cannot_be_in_a_key_is_refused() {
    let client = client().await;
    let update = Order::update(key("ada", 1, 1)).set(Order::STATUS, "").if_exists();
    let error = update.send(&client).await.unwrap_err();
    assert_eq!(error.as_error().path(), Some("gsi1pk"));
    assert!(error.as_error().is_invalid());
}

#[tokio::test]
async fn whole_writes_have_all_keys() {
    let client = client().await;
    let mut order = Order::create(order("ada", 1, 1)).send(&client).await.unwrap();
    order.status = "sent".to_owned();
    Order::replace(order).send(&client).await.unwrap();
    assert_eq!(raw(&client, &key("ada", 1, 1)).await.gsi1pk.as_deref(), Some("STATUS#sent"));
    Order::modify(key("ada", 1, 1), |order| {
        order.status = "lost".to_owned();
        Ok(())
    })
    .send(&client)
    .await
    .unwrap();
    assert_eq!(raw(&client, &key("ada", 1, 1)).await.gsi1pk.as_deref(), Some("STATUS#lost"));
    let mut put = Order::get(key("ada", 1, 1)).send(&client).await.unwrap().unwrap();
    put.status = "found".to_owned();
    Order::put(put).if_exists().send(&client).await.unwrap();
    assert_eq!(raw(&client, &key("ada", 1, 1)).await.gsi1pk.as_deref(), Some("STATUS#found"));
}

/// A counter that is made by its first update, in an index by the time of the last one.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "counters", allow(unconditional_upsert))]
#[dynamo(partition_key("pk") = "PAGE#{page}#{day}")]
#[dynamo(index(by_day, name = "gsi1", partition_key("gsi1pk") = "DAY#{day}", sort_key("gsi1sk") = "AT#{updated_at}"))]
#[dynamo(index(by_age, name = "gsi2", partition_key("gsi2pk") = "ALL", sort_key("gsi2sk") = "{created_at}"))]
#[dynamo(index(by_level, name = "gsi3", partition_key("gsi3pk") = "LEVEL#{level}"))]
struct Counter {
    page: String,
    day: u16,
    #[dynamo(default)]
    hits: u64,
    #[dynamo(default = first_level)]
    level: u8,
    #[dynamo(created_at)]
    created_at: Timestamp,
    #[dynamo(updated_at)]
    updated_at: Timestamp,
}

fn first_level() -> u8 {
    1
}

#[tokio::test]
async fn an_upsert_stores_the_parts_of_its_key_and_the_keys_of_indexes() {
    let client = crate::engine::client().table::<Counter>().build().await;
    let key = CounterKey { page: "a#b".to_owned(), day: 3 };
    let hit = || {
        Counter::upsert_unconditionally(key.clone())
            .add(Counter::HITS, 1)
            .returning_new()
            .send(&client)
    };
    let first = hit().await.unwrap();
    assert_eq!((first.page.as_str(), first.day, first.hits, first.level), ("a#b", 3, 1, 1));
    let second = hit().await.unwrap();
    assert_eq!((second.hits, second.created_at), (2, first.created_at));
    assert!(second.updated_at >= first.updated_at);

    // A read checks the keys against the parts, those that the updates wrote too.
    let read = Counter::get(key.clone()).send(&client).await.unwrap();
    assert_eq!(read.as_ref(), Some(&second));
    let since = second.updated_at;
    let of_day = || Counter::by_day(3).updated_at(since..);
    eventually(vec![second], async || of_day().items(&client).collect().await.unwrap()).await;
    let by_age = || Counter::by_age().created_at(..=first.created_at);
    eventually(1, async || by_age().count(&client).await.unwrap()).await;

    // What is removed reads as its default, and so does its key.
    let level = async |level| Counter::by_level(level).count(&client).await.unwrap();
    let levels = async || (level(5).await, level(1).await);
    let update = || Counter::update(key.clone());
    update().set(Counter::LEVEL, 5).if_exists().send(&client).await.unwrap();
    eventually((1, 0), levels).await;
    let reset = update().remove(Counter::LEVEL).if_exists().returning_new();
    assert_eq!(reset.send(&client).await.unwrap().level, 1);
    eventually((0, 1), levels).await;
}
