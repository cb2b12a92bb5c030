//! All items of a partition, told apart by their keys.

#![allow(clippy::struct_field_names, reason = "the names of the table")]

mod aggregates;
mod of_an_index;
mod ranges;

use std::time::Duration;

use dynamo_runtime::operation::{CursorKey, CursorKeys};
use dynamo_runtime::prelude::*;
use dynamo_runtime::stream::{self, Change};
use dynamo_runtime::testing::LocalEngine;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "customers")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
struct Customer {
    customer_id: String,
    name: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "customers")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ORDER#{order_id}")]
struct Order {
    customer_id: String,
    order_id: u32,
    total: u64,
}

/// Its key begins as that of its order does.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "customers")]
#[dynamo(partition_key("pk") = "CUSTOMER#{owner}")]
#[dynamo(sort_key("sk") = "ORDER#{order_id}#LINE#{number}")]
struct Line {
    owner: String,
    order_id: u32,
    number: u8,
    product: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "customers")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "SESSION#{session_id}")]
struct Session {
    customer_id: String,
    session_id: String,
    #[dynamo(ttl)]
    expires_at: Timestamp,
}

/// In the same partition, and in no collection.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "customers")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "NOTE#{note_id}")]
struct Note {
    customer_id: String,
    note_id: String,
    text: Sensitive<String>,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
    Line(Line),
    Session(Session),
}

fn customer(id: &str) -> Customer {
    Customer { customer_id: id.to_owned(), name: "Ada".to_owned() }
}

fn order(id: &str, order_id: u32) -> Order {
    Order { customer_id: id.to_owned(), order_id, total: 10 }
}

fn line(id: &str, order_id: u32, number: u8) -> Line {
    Line { owner: id.to_owned(), order_id, number, product: "tea".to_owned() }
}

/// Of whole seconds, as it is stored.
fn session(id: &str, session_id: &str, seconds: i64) -> Session {
    let now = Timestamp::now().epoch_seconds();
    Session {
        customer_id: id.to_owned(),
        session_id: session_id.to_owned(),
        expires_at: Timestamp::from_epoch_seconds(now + seconds).unwrap(),
    }
}

async fn engine_and_client() -> (LocalEngine, SecureClient) {
    let engine = crate::engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).streams().table::<Session>();
    let client = client.build().await.unwrap();
    (engine, client)
}

/// Writes one of each for the customer, in no order, and gives them in the order of their keys.
async fn all_of(id: &str, client: &SecureClient) -> Vec<CustomerItem> {
    let session = Session::create(session(id, "s1", 600)).send(client).await.unwrap();
    let second = Order::create(order(id, 2)).send(client).await.unwrap();
    let line = Line::create(line(id, 1, 7)).send(client).await.unwrap();
    let first = Order::create(order(id, 1)).send(client).await.unwrap();
    let customer = Customer::create(customer(id)).send(client).await.unwrap();
    vec![first.into(), line.into(), second.into(), customer.into(), session.into()]
}

#[tokio::test]
async fn a_partition_is_read_as_the_entities_that_are_in_it() {
    let (_engine, client) = engine_and_client().await;
    let mut all = all_of("c1", &client).await;
    all_of("c2", &client).await;
    let page = CustomerItem::query("c1").page(&client).await.unwrap();
    assert_eq!(page.items, all);
    assert!(page.next.is_none());
    assert_eq!(CustomerItem::query("c1").items(&client).collect().await.unwrap(), all);
    assert_eq!(CustomerItem::query("c1").count(&client).await.unwrap(), 5);
    all.reverse();
    let descending = CustomerItem::query("c1").descending().eventually_consistent();
    assert_eq!(descending.page(&client).await.unwrap().items, all);
    assert!(CustomerItem::query("c3").page(&client).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended_also_through_a_sealed_cursor() {
    let (_engine, client) = engine_and_client().await;
    let all = all_of("c1", &client).await;
    let keys = CursorKeys::new(CursorKey::from_bytes(&[7; 32]));
    let mut read = Vec::new();
    let mut query = CustomerItem::query("c1").limit(2);
    loop {
        let page = query.page(&client).await.unwrap();
        assert!(page.items.len() <= 2);
        read.extend(page.items);
        let Some(next) = page.next else { break };
        let sealed = keys.seal(&next).unwrap();
        query = CustomerItem::query("c1").limit(2).after(keys.open(&sealed).unwrap());
    }
    assert_eq!(read, all);
    let next = CustomerItem::query("c1").limit(1).page(&client).await.unwrap().next.unwrap();
    let error = CustomerItem::query("c2").after(next).page(&client).await.unwrap_err();
    assert!(error.to_string().contains("cursor"), "{error}");
}

#[tokio::test]
async fn an_expired_item_is_left_out_whichever_entity_has_the_time() {
    let (_engine, client) = engine_and_client().await;
    let customer = Customer::create(customer("c1")).send(&client).await.unwrap();
    let old = Session::create(session("c1", "a", -60)).send(&client).await.unwrap();
    let new = Session::create(session("c1", "b", 600)).send(&client).await.unwrap();
    let alive: [CustomerItem; 2] = [customer.clone().into(), new.clone().into()];
    assert_eq!(CustomerItem::query("c1").page(&client).await.unwrap().items, alive);
    // A limit counts what is given.
    assert_eq!(CustomerItem::query("c1").limit(2).page(&client).await.unwrap().items, alive);
    let all: [CustomerItem; 3] = [customer.into(), old.into(), new.into()];
    let query = CustomerItem::query("c1").including_expired();
    assert_eq!(query.page(&client).await.unwrap().items, all);
}

#[tokio::test]
async fn an_item_of_no_entity_is_an_error_that_names_the_keys_and_no_value() {
    let (_engine, client) = engine_and_client().await;
    let all = all_of("c1", &client).await;
    let note = Note {
        customer_id: "c1".to_owned(),
        note_id: "n-17".to_owned(),
        text: Sensitive::new("hidden".to_owned()),
    };
    Note::create(note).send(&client).await.unwrap();
    let error = CustomerItem::query("c1").page(&client).await.unwrap_err();
    let text =
        std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(": ");
    let expected = "`Items[0]`: the item is of no entity of `CustomerItem`, \
        expected `pk` = `CUSTOMER#{customer_id}` with `sk` = `PROFILE`, \
        or `pk` = `CUSTOMER#{customer_id}` with `sk` = `ORDER#{order_id}`, \
        or `pk` = `CUSTOMER#{owner}` with `sk` = `ORDER#{order_id}#LINE#{number}`, \
        or `pk` = `CUSTOMER#{customer_id}` with `sk` = `SESSION#{session_id}`";
    assert!(text.contains(expected), "{text}");
    for value in ["n-17", "hidden", "c1"] {
        assert!(!format!("{text} {error:?}").contains(value), "{value}: {text} {error:?}");
    }
    let mut items = CustomerItem::query("c1").items(&client);
    assert!(items.next().await.unwrap().is_err());
    assert_eq!(items.collect().await.unwrap(), all, "the others follow");
}

#[tokio::test]
async fn a_change_of_any_entity_is_one_of_the_collection() {
    let (engine, client) = engine_and_client().await;
    let first = Order::create(order("c1", 1)).send(&client).await.unwrap();
    let key = OrderKey { customer_id: "c1".to_owned(), order_id: 1 };
    let second = Order::update(key).set(Order::TOTAL, 20_u64).if_exists().returning_new();
    let second = second.send(&client).await.unwrap();
    let expired = Session::create(session("c1", "a", -60)).send(&client).await.unwrap();
    assert_eq!(engine.sweep_expired().await.unwrap(), 1);
    let json = engine.stream_records::<Session>().await.unwrap();
    let records = stream::records(&json).unwrap();
    let changes: Vec<_> =
        records.iter().map(|record| record.change::<CustomerItem>().unwrap()).collect();
    let expected = [
        Change::Inserted(first.clone().into()),
        Change::Modified { old: first.into(), new: second.into() },
        Change::Inserted(expired.clone().into()),
        Change::Expired(expired.into()),
    ];
    assert_eq!(changes, expected);
}

/// What an item with these keys is read as, by the name of the variant, if as anything.
fn told(keys: &str) -> Result<&'static str, String> {
    let expires_at = Timestamp::now().epoch_seconds() + 600;
    let item = format!(
        r#"{{"total":{{"N":"1"}},"name":{{"S":"Ada"}},"customer_id":{{"S":"c"}},"owner":{{"S":"c"}},
            "order_id":{{"N":"1"}},"number":{{"N":"7"}},"product":{{"S":"tea"}},{keys},
            "session_id":{{"S":"x"}},"expires_at":{{"N":"{expires_at}"}}}}"#
    );
    match dynamo_runtime::codec::decode_item::<CustomerItem>(item.as_bytes()) {
        Ok(CustomerItem::Customer(_)) => Ok("customer"),
        Ok(CustomerItem::Order(_)) => Ok("order"),
        Ok(CustomerItem::Line(_)) => Ok("line"),
        Ok(CustomerItem::Session(_)) => Ok("session"),
        Err(error) if error.is_of_no_entity() => Err("no entity".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn items_are_told_apart_by_their_keys_alone() {
    let order = Order { customer_id: "c".to_owned(), order_id: 1, total: 1 };
    let order_key = json_of(&order, "sk");
    let line_key = json_of(&line("c", 1, 7), "sk");
    for (sort_key, expected) in [
        (r#"{"S":"PROFILE"}"#, Ok("customer")),
        (order_key.as_str(), Ok("order")),
        (line_key.as_str(), Ok("line")),
        (r#"{"S":"SESSION#x"}"#, Ok("session")),
        // Whitespace and escapes are the same text.
        (r#" { "S" : "SESSION\u0023x" } "#, Ok("session")),
        (r#"{"S":"PROFILE#"}"#, Err("no entity")),
        (r#"{"S":"profile"}"#, Err("no entity")),
        (r#"{"S":"PROFILE#1"}"#, Err("no entity")),
        (r#"{"S":"SESSION"}"#, Err("no entity")),
        (r#"{"S":"SESSION#"}"#, Err("no entity")),
        (r#"{"S":"SESSION#x#y"}"#, Err("no entity")),
        (r#"{"S":"ORDER#1#LINE"}"#, Err("no entity")),
        (r#"{"S":"ORDER#1#LINES#2"}"#, Err("no entity")),
        (r#"{"S":""}"#, Err("no entity")),
        (r#"{"N":"1"}"#, Err("no entity")),
        // Of its form, and not made of its parts.
        (r#"{"S":"SESSION#y"}"#, Err("`sk`: the key is not the one that its parts make")),
    ] {
        for keys in [
            format!(r#""pk":{{"S":"CUSTOMER#c"}},"sk":{sort_key}"#),
            format!(r#""sk":{sort_key},"pk":{{"S":"CUSTOMER#c"}}"#),
        ] {
            assert_eq!(told(&keys), expected.map_err(str::to_owned), "{sort_key}");
        }
    }
    for keys in [
        r#""pk":{"S":"CUSTOMER#c"}"#,
        r#""sk":{"S":"PROFILE"}"#,
        r#""pk":{"S":"SHOP#c"},"sk":{"S":"PROFILE"}"#,
        r#""pk":{"S":"CUSTOMER#c#d"},"sk":{"S":"PROFILE"}"#,
    ] {
        assert_eq!(told(keys), Err("no entity".to_owned()), "{keys}");
    }
    let twice = r#""pk":{"S":"CUSTOMER#c"},"sk":{"S":"PROFILE"},"sk":{"S":"PROFILE"}"#;
    assert_eq!(told(twice), Err("`sk`: the name stands twice in its object".to_owned()));
}

/// The JSON of one attribute of an item.
fn json_of(item: &impl dynamo_runtime::codec::EncodeItem, name: &str) -> String {
    let json = dynamo_runtime::codec::encode_item(item).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    json[name].to_string()
}

/// Over a key without a template, and with a number as the sort key.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: u32,
    #[dynamo(sort_key)]
    taken: u64,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum SensorItem {
    Reading(Reading),
}

#[tokio::test]
async fn a_collection_of_one_entity_needs_no_fixed_text() {
    let client = SecureClient::local().table::<Reading>().build().await.unwrap();
    let reading = Reading::create(Reading { sensor: 1, taken: 2 }).send(&client).await.unwrap();
    let items = SensorItem::query(1_u32).deadline(Duration::from_secs(30)).items(&client);
    assert_eq!(items.collect().await.unwrap(), [SensorItem::Reading(reading)]);
}

/// In another table, in another partition, without a fixed text, and with a second time of expiry.
mod unfit {
    use dynamo_runtime::prelude::*;

    #[derive(Entity)]
    #[dynamo(table = "elsewhere")]
    #[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "NOTE#{note_id}")]
    pub struct Elsewhere {
        customer_id: String,
        note_id: String,
    }

    #[derive(Entity)]
    #[dynamo(table = "customers")]
    #[dynamo(partition_key("pk") = "SHOP#{customer_id}", sort_key("sk") = "NOTE#{note_id}")]
    pub struct Apart {
        customer_id: String,
        note_id: String,
    }

    #[derive(Entity)]
    #[dynamo(table = "customers")]
    #[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "{note_id}")]
    pub struct Shapeless {
        customer_id: String,
        note_id: String,
    }

    #[derive(Entity)]
    #[dynamo(table = "customers")]
    #[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "BASKET#{basket_id}")]
    pub struct Basket {
        customer_id: String,
        basket_id: String,
        #[dynamo(ttl)]
        ends_at: Timestamp,
    }
}

/// The derive calls these in constants, so that the compiler shows what they say.
#[test]
fn entities_that_cannot_be_one_collection_are_refused_with_the_reason() {
    use dynamo_runtime::__private::{assert_apart, assert_together, entity_of_a_collection};

    fn said(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
        match std::panic::catch_unwind(check) {
            Ok(()) => "nothing".to_owned(),
            Err(said) => said.downcast_ref::<String>().unwrap().lines().next().unwrap().to_owned(),
        }
    }
    let customer = entity_of_a_collection::<Customer>().member;
    for (other, expected) in [
        (
            entity_of_a_collection::<unfit::Elsewhere>().member,
            "`Customer` and `Elsewhere` are of two tables, `customers` and `elsewhere`",
        ),
        (
            entity_of_a_collection::<unfit::Apart>().member,
            "`Customer` and `Apart` do not share the partition key, so no query finds both",
        ),
        (entity_of_a_collection::<unfit::Shapeless>().member, "nothing"),
        (entity_of_a_collection::<Line>().member, "nothing"),
    ] {
        assert_eq!(said(|| assert_together(&customer, &other, None)), expected);
    }
    for (one, other, expected) in [
        (
            customer,
            entity_of_a_collection::<unfit::Shapeless>().member,
            "`Customer` and `Shapeless` could have the same key, so their items cannot be told apart",
        ),
        (
            entity_of_a_collection::<Session>().member,
            entity_of_a_collection::<unfit::Basket>().member,
            "`Session` and `Basket` do not share the attribute of the time of expiry, `expires_at`, \
             and a table has one",
        ),
        (
            entity_of_a_collection::<Order>().member,
            entity_of_a_collection::<Line>().member,
            "nothing",
        ),
        (customer, entity_of_a_collection::<Session>().member, "nothing"),
    ] {
        assert_eq!(said(|| assert_apart(&one, &other, None)), expected);
    }
}
