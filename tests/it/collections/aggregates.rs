//! A partition as one value.

use dynamo_runtime::prelude::*;

use super::{
    Customer, Line, Note, Order, Session, all_of, customer, engine_and_client, line, order, session,
};

#[derive(Collection, Clone, Debug, PartialEq)]
struct Account {
    customer: Customer,
    orders: Vec<Order>,
    lines: Vec<Line>,
    session: Option<Session>,
}

#[tokio::test]
async fn a_partition_is_read_as_one_value() {
    let (_engine, client) = engine_and_client().await;
    all_of("c1", &client).await;
    all_of("c2", &client).await;
    let account = Account::query("c1").send_with_metadata(&client).await.unwrap();
    assert!(account.request_id.is_some());
    let account = account.value.unwrap();
    assert_eq!(account.customer, customer("c1"));
    assert_eq!(account.orders, [order("c1", 1), order("c1", 2)]);
    assert_eq!(account.lines, [line("c1", 1, 7)]);
    assert_eq!(account.session.as_ref().unwrap().session_id, "s1");
    let again = Account::query("c1").eventually_consistent().send(&client).await.unwrap();
    assert_eq!(again.unwrap(), account);
    assert_eq!(Account::query("c3").send(&client).await.unwrap(), None);
}

#[tokio::test]
async fn what_may_be_absent_is_absent_and_what_is_expired_is_too() {
    let (_engine, client) = engine_and_client().await;
    Customer::create(customer("c1")).send(&client).await.unwrap();
    Session::create(session("c1", "s1", -60)).send(&client).await.unwrap();
    let account = Account::query("c1").send(&client).await.unwrap().unwrap();
    let alone = Account { customer: customer("c1"), orders: vec![], lines: vec![], session: None };
    assert_eq!(account, alone);
    let with_expired = Account::query("c1").including_expired().send(&client).await.unwrap();
    assert!(with_expired.unwrap().session.is_some());
}

#[tokio::test]
async fn what_does_not_fit_the_fields_is_an_error() {
    let (_engine, client) = engine_and_client().await;
    Order::create(order("c1", 1)).send(&client).await.unwrap();
    let error = Account::query("c1").send(&client).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!((error.entity(), error.operation()), ("Account", "query"));
    let text = error.to_string();
    assert!(text.contains("the partition has no `Customer` for the field `customer`"), "{text}");
    Customer::create(customer("c1")).send(&client).await.unwrap();
    for session_id in ["s1", "s2"] {
        Session::create(session("c1", session_id, 60)).send(&client).await.unwrap();
    }
    let error = Account::query("c1").send(&client).await.unwrap_err().to_string();
    assert!(
        error.contains("several items of `Session`, and the field `session` takes one"),
        "{error}"
    );
    let note = Note {
        customer_id: "c2".to_owned(),
        note_id: "n".to_owned(),
        text: Sensitive::new("secret".to_owned()),
    };
    Note::create(note).send(&client).await.unwrap();
    let error = Account::query("c2").send(&client).await.unwrap_err();
    assert!(error.to_string().contains("`Account`"), "{error}");
    assert_eq!(error.entity(), "Account");
}

#[tokio::test]
async fn a_partition_of_several_pages_is_read_whole() {
    let (engine, client) = engine_and_client().await;
    Customer::create(customer("c1")).send(&client).await.unwrap();
    // 24 lines of 100 KB are more than the megabyte of one answer.
    for number in 0..24 {
        let product = "x".repeat(100_000);
        let line = Line { product, ..line("c1", 1, number) };
        Line::create(line).send(&client).await.unwrap();
    }
    let sent = engine.requests().len();
    let account = Account::query("c1").send(&client).await.unwrap().unwrap();
    assert_eq!(account.lines.len(), 24);
    assert!(engine.requests().len() - sent > 1);
}
