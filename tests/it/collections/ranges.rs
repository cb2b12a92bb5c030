//! A part of a partition, and entities among others that the collection does not list.

use dynamo_runtime::operation::{CursorKey, CursorKeys};
use dynamo_runtime::prelude::*;

use super::{
    Customer, Line, LineKey, Note, Order, OrderKey, Session, all_of, customer, engine_and_client,
    line, order,
};

/// Among the lines and sessions of the partition.
#[derive(Collection, Clone, Debug, PartialEq)]
#[dynamo(skip_others)]
enum Recent {
    Customer(Customer),
    Order(Order),
}

/// All but the notes.
#[derive(Collection, Clone, Debug, PartialEq)]
enum Everything {
    Customer(Customer),
    Order(Order),
    Line(Line),
    Session(Session),
}

/// An order with its lines.
#[derive(Collection, Clone, Debug, PartialEq)]
struct Whole {
    order: Order,
    lines: Vec<Line>,
}

/// The orders, whatever else is there.
#[derive(Collection, Clone, Debug, PartialEq)]
#[dynamo(skip_others)]
struct Orders {
    orders: Vec<Order>,
}

fn order_key(id: &str, order_id: u32) -> OrderKey {
    OrderKey { customer_id: id.to_owned(), order_id }
}

fn line_key(id: &str, order_id: u32, number: u8) -> LineKey {
    LineKey { owner: id.to_owned(), order_id, number }
}

#[tokio::test]
async fn what_is_not_listed_is_skipped_where_the_collection_says_so() {
    let (_engine, client) = engine_and_client().await;
    all_of("c1", &client).await;
    let note = Note {
        customer_id: "c1".to_owned(),
        note_id: "n".to_owned(),
        text: Sensitive::new("hidden".to_owned()),
    };
    Note::create(note).send(&client).await.unwrap();
    let all: [Recent; 3] = [order("c1", 1).into(), order("c1", 2).into(), customer("c1").into()];
    assert_eq!(Recent::query("c1").page(&client).await.unwrap().items, all);
    assert_eq!(Recent::query("c1").items(&client).collect().await.unwrap(), all);
    assert_eq!(Recent::query("c1").count(&client).await.unwrap(), 3);
    assert_eq!(Recent::query("c1").limit(2).count(&client).await.unwrap(), 2);
    let orders = Orders::query("c1").send(&client).await.unwrap().unwrap();
    assert_eq!(orders.orders, [order("c1", 1), order("c1", 2)]);
    // By default it is an error.
    let error = Everything::query("c1").page(&client).await.unwrap_err();
    assert!(error.is_of_no_entity(), "{error}");
}

#[tokio::test]
async fn pages_are_cut_after_an_item_that_is_not_skipped() {
    let (_engine, client) = engine_and_client().await;
    Customer::create(customer("c1")).send(&client).await.unwrap();
    for number in 0..6 {
        Order::create(order("c1", number)).send(&client).await.unwrap();
        for line_number in 0..3 {
            Line::create(line("c1", number, line_number)).send(&client).await.unwrap();
        }
    }
    let keys = CursorKeys::new(CursorKey::from_bytes(&[7; 32]));
    for limit in 1..8 {
        for is_descending in [false, true] {
            let query = || {
                let query = Recent::query("c1").limit(limit);
                if is_descending { query.descending() } else { query }
            };
            let mut expected: Vec<Recent> =
                (0..6).map(|number| order("c1", number).into()).collect();
            expected.push(customer("c1").into());
            if is_descending {
                expected.reverse();
            }
            let (mut read, mut page) = (Vec::new(), query().page(&client).await.unwrap());
            loop {
                assert!(page.items.len() <= limit);
                read.extend(page.items);
                let Some(next) = page.next else { break };
                let next = keys.open(&keys.seal(&next).unwrap()).unwrap();
                page = query().after(next).page(&client).await.unwrap();
            }
            assert_eq!(read, expected, "{limit} {is_descending}");
        }
    }
}

#[tokio::test]
async fn a_range_begins_and_ends_at_keys_of_its_entities() {
    let (_engine, client) = engine_and_client().await;
    let [first, line_of_first, second, customer, session] =
        all_of("c1", &client).await.try_into().unwrap();
    let query = || super::CustomerItem::query("c1");
    let numbers = |at: u32| order_key("c1", at);
    for (query, expected) in [
        (query().starting_at(&numbers(2)), vec![&second, &customer, &session]),
        (query().starting_at(&numbers(3)), vec![&customer, &session]),
        (
            query().starting_at(&line_key("c1", 1, 0)),
            vec![&line_of_first, &second, &customer, &session],
        ),
        (query().ending_at(&numbers(2)), vec![&first, &line_of_first, &second]),
        (
            query().starting_at(&line_key("c1", 1, 8)).ending_at(&Customer::key("c1")),
            vec![&second, &customer],
        ),
        (
            query().ending_at(&Customer::key("c1")).starting_at(&numbers(2)),
            vec![&second, &customer],
        ),
        (query().under(&numbers(1)), vec![&first, &line_of_first]),
        (query().under(&numbers(2)), vec![&second]),
        (query().under(&numbers(1)).descending(), vec![&line_of_first, &first]),
        (query().under(&line_key("c1", 1, 7)), vec![&line_of_first]),
        (query().under(&numbers(9)), vec![]),
    ] {
        let text = format!("{query:?}");
        let items = query.clone().items(&client).collect().await.unwrap();
        assert_eq!(items.iter().collect::<Vec<_>>(), expected, "{text}");
        assert_eq!(query.count(&client).await.unwrap(), expected.len() as u64);
    }
    let whole = Whole::query("c1").under(&numbers(1)).send(&client).await.unwrap().unwrap();
    assert_eq!(whole, Whole { order: order("c1", 1), lines: vec![line("c1", 1, 7)] });
    let orders = Orders::query("c1").starting_at(&numbers(2)).ending_at(&numbers(7));
    assert_eq!(orders.send(&client).await.unwrap().unwrap().orders, [order("c1", 2)]);
    let next = query().limit(1).under(&numbers(1)).page(&client).await.unwrap().next.unwrap();
    let error = query().after(next).page(&client).await.unwrap_err();
    assert!(error.to_string().contains("another query"), "{error}");
}

#[tokio::test]
async fn a_range_that_is_none_is_an_error_before_sending() {
    let (engine, client) = engine_and_client().await;
    engine.forget_requests();
    let query = || super::CustomerItem::query("c1");
    for (query, words) in [
        (query().starting_at(&order_key("c2", 1)), "another partition"),
        (query().under(&order_key("c2", 1)).descending(), "another partition"),
        (
            query().starting_at(&order_key("c2", 1)).ending_at(&order_key("c1", 1)),
            "another partition",
        ),
        (query().starting_at(&order_key("c1", 2)).ending_at(&order_key("c1", 1)), "`sk`"),
        (
            query().starting_at(&super::SessionKey {
                customer_id: "c1".to_owned(),
                session_id: String::new(),
            }),
            "`session_id`",
        ),
    ] {
        let error = query.page(&client).await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains("c2"), "{error}");
    }
    let alone = Alone::query("a").under(&Single::key("a")).page(&client).await.unwrap_err();
    assert!(alone.is_invalid() && alone.to_string().contains("sort key"), "{alone}");
    assert_eq!(engine.requests().len(), 0);
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "singles")]
struct Single {
    #[dynamo(partition_key)]
    id: String,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum Alone {
    Single(Single),
}

#[tokio::test]
async fn a_native_sort_key_has_a_range_too() {
    use super::{Reading, ReadingKey, SensorItem};
    let client = crate::engine::client().table::<Reading>().build().await;
    for taken in [1, 2, 10, 20] {
        Reading::create(Reading { sensor: 1, taken }).send(&client).await.unwrap();
    }
    let key = |taken| ReadingKey { sensor: 1, taken };
    let taken = |items: Vec<SensorItem>| {
        items.into_iter().map(|SensorItem::Reading(reading)| reading.taken).collect::<Vec<_>>()
    };
    let query = || SensorItem::query(1_u32);
    for (query, expected) in [
        (query().starting_at(&key(2)), vec![2, 10, 20]),
        (query().starting_at(&key(2)).ending_at(&key(10)), vec![2, 10]),
        (query().under(&key(10)), vec![10]),
    ] {
        assert_eq!(taken(query.items(&client).collect().await.unwrap()), expected);
    }
}
