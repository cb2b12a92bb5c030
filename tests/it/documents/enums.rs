//! Enums: text, or a map with a tag.

use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::codec::{Encode, Writer, encode_item};
use dynamo_runtime::prelude::*;

use super::{json, read};
use crate::engine::eventually;

#[derive(KeyPart, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[dynamo(rename_all = "snake_case")]
enum Status {
    Open,
    InTransit,
    #[dynamo(rename = "gone")]
    Lost,
}

#[derive(Document, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[dynamo(rename_all = "kebab-case")]
enum Colour {
    LightBlue,
    r#Red,
    #[dynamo(other)]
    Other(String),
}

#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Payment {
    Cash,
    BankTransfer {
        account_number: String,
        #[dynamo(default)]
        paid_days: u16,
        #[dynamo(skip)]
        is_checked: bool,
    },
    Card(Card),
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Card {
    number: Sensitive<String>,
    expiry: Option<String>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "orders")]
#[dynamo(index(by_status, name = "status-index", partition_key = status))]
struct Order {
    #[dynamo(partition_key)]
    id: String,
    status: Status,
    colours: BTreeSet<Colour>,
    by_status: BTreeMap<Status, u8>,
    payment: Payment,
    #[dynamo(default)]
    earlier: Vec<Payment>,
}

fn order(id: &str, payment: Payment) -> Order {
    Order {
        id: id.to_owned(),
        status: Status::InTransit,
        colours: BTreeSet::from([Colour::LightBlue, Colour::Other("mauve".to_owned())]),
        by_status: BTreeMap::from([(Status::Lost, 1)]),
        payment,
        earlier: vec![Payment::Cash],
    }
}

fn card() -> Payment {
    Payment::Card(Card { number: Sensitive::new("4711".to_owned()), expiry: None })
}

fn transfer() -> Payment {
    Payment::BankTransfer { account_number: "NO93".to_owned(), paid_days: 3, is_checked: false }
}

#[derive(Document, Debug, PartialEq)]
struct Held<T> {
    value: T,
}

fn held<T>(value: T) -> Held<T> {
    Held { value }
}

#[test]
fn a_variant_without_fields_is_text() {
    assert_eq!(json(&held(Status::InTransit)), r#"{"value":{"S":"in_transit"}}"#);
    assert_eq!(json(&held(Status::Lost)), r#"{"value":{"S":"gone"}}"#);
    assert_eq!(read(r#"{"value":{"S":"open"}}"#), Ok(held(Status::Open)));
    assert_eq!(json(&held(vec![Colour::Red])), r#"{"value":{"L":[{"S":"red"}]}}"#);
}

#[test]
fn a_text_that_names_no_variant_is_an_error_that_lists_them() {
    let error = read::<Held<Status>>(r#"{"value":{"S":"secret"}}"#).unwrap_err();
    assert_eq!(error.to_string(), "`value`: the text is none of `open`, `in_transit`, `gone`");
    let error = read::<Held<BTreeSet<Status>>>(r#"{"value":{"SS":["open","x"]}}"#).unwrap_err();
    assert_eq!(error.path(), Some("value[1]"));
    assert!(read::<Held<Status>>(r#"{"value":{"N":"1"}}"#).unwrap_err().is_wrong_type());
}

#[test]
fn every_other_text_is_kept_by_the_variant_for_it() {
    let stored = r#"{"value":{"S":"mauve"}}"#;
    let mauve = held(Colour::Other("mauve".to_owned()));
    assert_eq!(read(stored), Ok(mauve.clone()));
    assert_eq!(json(&mauve), stored);
    let wrong = held(Colour::Other("light-blue".to_owned()));
    let error = encode_item(&wrong).unwrap_err();
    assert_eq!(error.to_string(), "`value`: the text is that of a variant with a name of its own");
}

impl Clone for Held<Colour> {
    fn clone(&self) -> Self {
        held(self.value.clone())
    }
}

#[test]
fn a_variant_with_fields_is_a_map_with_a_tag() {
    assert_eq!(json(&held(Payment::Cash)), r#"{"value":{"M":{"type":{"S":"cash"}}}}"#);
    assert_eq!(
        json(&held(transfer())),
        r#"{"value":{"M":{"type":{"S":"bank_transfer"},"accountNumber":{"S":"NO93"},"paidDays":{"N":"3"}}}}"#
    );
    assert_eq!(
        json(&held(card())),
        r#"{"value":{"M":{"type":{"S":"card"},"number":{"S":"4711"}}}}"#
    );
    for payment in [Payment::Cash, transfer(), card()] {
        let payment = held(payment);
        assert_eq!(read(&json(&payment)), Ok(payment));
    }
}

#[test]
fn the_tag_may_stand_anywhere() {
    let stored = r#" { "value" : { "M" : { "x" : { "L" : [ ] } , "number":{"S":"4711"}, "type" : {"S":"card"} , "y":{"NULL":true} } } } "#;
    assert_eq!(read(stored), Ok(held(card())));
    let stored = r#"{"value":{"M":{"accountNumber":{"S":"NO93"},"type":{"S":"bank_transfer"}}}}"#;
    let expected = Payment::BankTransfer {
        account_number: "NO93".to_owned(),
        paid_days: 0,
        is_checked: false,
    };
    assert_eq!(read(stored), Ok(held(expected)));
}

#[test]
fn an_error_in_a_variant_has_its_path() {
    let error = |payment: &str| {
        let stored = format!(r#"{{"value":{{"M":{{{payment}}}}},"after":{{"BOOL":true}}}}"#);
        read::<Held<Payment>>(&stored).unwrap_err().to_string()
    };
    assert_eq!(error(r#""number":{"S":"1"}"#), "`value.type`: the attribute is missing");
    assert_eq!(
        error(r#""type":{"N":"1"}"#),
        "`value.type`: expected a string (S), found a number (N)"
    );
    assert_eq!(
        error(r#""type":{"S":"gold"}"#),
        "`value.type`: the text is none of `cash`, `bank_transfer`, `card`"
    );
    assert_eq!(
        error(r#""type":{"S":"card"}"#),
        "`value.number`: the attribute is missing; a field that older items lack has `#[dynamo(default)]`"
    );
    assert_eq!(
        error(r#""number":{"N":"1"},"type":{"S":"card"}"#),
        "`value.number`: expected a string (S), found a number (N)"
    );
    let twice = "the name stands twice in its object";
    assert_eq!(
        error(r#""type":{"S":"cash"},"type":{"S":"cash"}"#),
        format!("`value.type`: {twice}")
    );
    assert_eq!(
        error(r#""number":{"S":"1"},"number":{"S":"1"},"type":{"S":"card"}"#),
        format!("`value.number`: {twice}")
    );
    assert_eq!(
        error(r#""x":{"S":"1"},"x":{"S":"1"},"type":{"S":"card"}"#),
        format!("`value.x`: {twice}")
    );
    assert_eq!(
        error(r#""x":{"S":"1"},"type":{"S":"cash"},"x":{"S":"1"}"#),
        format!("`value.x`: {twice}")
    );
}

#[tokio::test]
async fn an_entity_with_enums_round_trips_through_the_engine() {
    let client = crate::engine::client().table::<Order>().build().await;
    let orders = [order("o1", Payment::Cash), order("o2", transfer()), order("o3", card())];
    for order in &orders {
        Order::create(order.clone()).send(&client).await.unwrap();
        let found = Order::get(Order::key(order.id.as_str())).send(&client).await.unwrap();
        assert_eq!(found.as_ref(), Some(order));
    }
    let moving =
        || Order::by_status(Status::InTransit).filter(Order::PAYMENT.eq(transfer())).page(&client);
    eventually(vec![orders[1].clone()], async || moving().await.unwrap().items).await;
    Order::update(Order::key("o1"))
        .set(Order::STATUS, Status::Lost)
        .condition(Order::STATUS.is_in([Status::Open, Status::InTransit]))
        .send(&client)
        .await
        .unwrap();
    eventually(1, async || Order::by_status(Status::Lost).count(&client).await.unwrap()).await;
}

#[test]
fn an_enum_that_is_a_key_is_as_long_as_its_text() {
    assert_eq!(Status::InTransit.key_size(), 10);
    let mut writer = Writer::with_capacity(0);
    Status::InTransit.encode(&mut writer);
    assert_eq!(writer.as_bytes(), br#"{"S":"in_transit"}"#);
}

/// In another order than its texts.
#[derive(KeyPart, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[dynamo(rename_all = "lowercase")]
enum Level {
    Low,
    Middle,
    High,
}

/// Without an order in Rust.
#[derive(Document, Clone, Copy, Debug, PartialEq)]
#[dynamo(rename_all = "lowercase")]
enum Mood {
    Sour,
    Calm,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "tickets", allow(scan))]
#[dynamo(index(by_mark, name = "mark-index", partition_key = mark, sort_key("gsi1sk") = "LEVEL#{level}"))]
struct Ticket {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(sort_key)]
    level: Level,
    mood: Mood,
    mark: String,
}

async fn tickets() -> SecureClient {
    let client = crate::engine::client().table::<Ticket>().build().await;
    for level in [Level::Low, Level::Middle, Level::High] {
        let ticket = Ticket { id: "t".to_owned(), level, mood: Mood::Sour, mark: "m".to_owned() };
        Ticket::create(ticket).send(&client).await.unwrap();
    }
    client
}

#[tokio::test]
async fn the_bounds_of_an_enum_have_the_order_of_its_texts() {
    let client = tickets().await;
    let moods = async |least, most| {
        Ticket::scan().filter(Ticket::MOOD.between(least, most)).count(&client).await
    };
    assert_eq!(moods(Mood::Calm, Mood::Sour).await.unwrap(), 3);
    assert_eq!(moods(Mood::Calm, Mood::Calm).await.unwrap(), 0);
    assert!(moods(Mood::Sour, Mood::Calm).await.unwrap_err().to_string().contains("reversed"));

    let levels = |least, most| Ticket::query("t").level(least..=most);
    assert_eq!(levels(Level::High, Level::Low).count(&client).await.unwrap(), 2);
    assert_eq!(levels(Level::High, Level::Middle).count(&client).await.unwrap(), 3);
    let reversed = levels(Level::Low, Level::High).count(&client).await.unwrap_err();
    assert!(reversed.to_string().contains("the bounds for `level` are reversed"), "{reversed}");

    let parts = |least, most| Ticket::by_mark("m").level(least..=most);
    let count = async || parts(Level::High, Level::Low).count(&client).await.unwrap();
    eventually(2, count).await;
    let reversed = parts(Level::Low, Level::High).count(&client).await.unwrap_err();
    assert!(reversed.to_string().contains("the bounds for `level` are reversed"), "{reversed}");
}
