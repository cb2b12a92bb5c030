//! Reading one attribute, or what a path leads to.

use std::collections::BTreeSet;

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;
use serde_json::json;

use super::{Address, Line, Parcel, address, engine, line, parcel, stored};
use crate::entities::{User, user, user_key};

async fn read<F: Future<Output = Result<Option<T>, Error>>, T>(reading: F) -> Option<T> {
    reading.await.unwrap()
}

#[tokio::test]
async fn what_a_path_leads_to_is_read_by_itself() {
    let (client, _) = stored().await;
    let get = || Parcel::get(Parcel::key("p"));
    let city = get().attribute(Parcel::ADDRESS.then(Address::CITY)).send(&client);
    assert_eq!(read(city).await.as_deref(), Some("Vienna"));
    let lines = get().attribute(Parcel::ADDRESS.then(Address::LINES).at(1)).send(&client);
    assert_eq!(read(lines).await.as_deref(), Some("b"));
    let contact = get().attribute(Parcel::CONTACT.then(Address::FLAGS)).send(&client);
    assert_eq!(read(contact).await, Some(BTreeSet::from(["new".to_owned()])));
    let whole = get().attribute(Parcel::ADDRESS).eventually_consistent().send(&client);
    assert_eq!(read(whole).await, Some(address("Vienna")));
    let key = get().attribute(Parcel::ID).send(&client);
    assert_eq!(read(key).await.as_deref(), Some("p"));
    for (index, expected) in [(0, Some(line("tea", 1))), (2, Some(line("jam", 3))), (3, None)] {
        let element = get().attribute(Parcel::LINES.at(index)).send(&client);
        assert_eq!(read(element).await, expected);
    }
    for (day, expected) in [("monday", Some(7)), ("sunday", None)] {
        let path = Parcel::DAYS.entry(day).at(0).then(Line::QUANTITY);
        assert_eq!(read(get().attribute(path).send(&client)).await, expected);
    }
    assert_eq!(read(get().attribute(Parcel::PRICES.entry("a.b")).send(&client)).await, Some(20));
    assert_eq!(read(get().attribute(Parcel::GRID.at(1).at(1)).send(&client)).await, Some(4));
    assert_eq!(read(get().attribute(Parcel::CORNERS.at(1)).send(&client)).await, Some(6));
    for (index, expected) in [(0, Some(Some("x"))), (1, Some(None)), (9, None)] {
        let name = read(get().attribute(Parcel::NAMES.at(index)).send(&client)).await;
        assert_eq!(name.as_ref().map(Option::as_deref), expected);
    }
}

#[tokio::test]
async fn what_is_absent_is_read_as_its_struct_reads_it() {
    let (client, _) = stored().await;
    let get = || Parcel::get(Parcel::key("p"));
    assert_eq!(read(get().attribute(Parcel::HISTORY).send(&client)).await, Some(None));
    let zip = get().attribute(Parcel::BILLING.then(Address::CITY)).send(&client);
    assert_eq!(read(zip).await, None);
    let update = Parcel::update(Parcel::key("p")).remove(Parcel::NOTES);
    update.if_exists().send(&client).await.unwrap();
    let notes = get().attribute(Parcel::NOTES).send(&client);
    assert_eq!(read(notes).await, Some(vec!["first".to_owned()]));
    let none = Parcel::get(Parcel::key("q"));
    assert_eq!(read(none.clone().attribute(Parcel::NOTES).send(&client)).await, None);
    assert_eq!(read(none.attribute(Parcel::HISTORY).send(&client)).await, None);
}

#[tokio::test]
async fn it_is_all_that_is_asked_for() {
    let (client, engine) = engine().await;
    Parcel::create(parcel()).send(&client).await.unwrap();
    let path = Parcel::DAYS.entry("monday").at(0).then(Line::PRODUCT);
    let product =
        Parcel::get(Parcel::key("p")).attribute(path).send_with_metadata(&client).await.unwrap();
    assert_eq!(product.value.as_deref(), Some("tea"));
    assert!(product.request_id.is_some());
    let request = engine.requests().pop().unwrap();
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["ProjectionExpression"], "#0.#1[0].#2, #3");
    let names = json!({ "#0": "days", "#1": "monday", "#2": "product", "#3": "id" });
    assert_eq!(body["ExpressionAttributeNames"], names);
    assert_eq!(body["ConsistentRead"], true);
}

#[tokio::test]
async fn nothing_of_an_expired_item_is_read() {
    let client = crate::engine::client().table::<User>().build().await;
    let past = Timestamp::from_epoch_seconds(Timestamp::now().epoch_seconds() - 60).unwrap();
    let expired = User { expires_at: Some(past), ..user("u1") };
    let email = expired.email.clone();
    User::create(expired).send(&client).await.unwrap();
    let get = || User::get(user_key("u1")).attribute(User::EMAIL);
    assert_eq!(read(get().send(&client)).await, None);
    assert_eq!(read(get().including_expired().send(&client)).await, Some(email));
    let expiry = User::get(user_key("u1")).including_expired().attribute(User::EXPIRES_AT);
    assert_eq!(read(expiry.send(&client)).await, Some(Some(past)));
}

#[tokio::test]
async fn a_path_that_no_item_has_is_told_before_anything_is_sent() {
    let (client, engine) = engine().await;
    let sent = engine.requests().len();
    let error = Parcel::get(Parcel::key("p")).attribute(Parcel::PRICES.entry("")).send(&client);
    let error = error.await.unwrap_err();
    assert!(error.to_string().contains("prices"), "{error}");
    assert_eq!(engine.requests().len(), sent);
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Home {
    #[dynamo(alias = "town")]
    city: String,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct OldHome {
    town: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "parcels")]
struct Old {
    #[dynamo(partition_key)]
    id: String,
    place: Option<OldHome>,
    home: Option<OldHome>,
    days: u8,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "parcels")]
struct New {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(alias = "place")]
    home: Option<Home>,
    days: String,
}

#[tokio::test]
async fn it_is_read_under_its_older_names_too() {
    let client = crate::engine::client().table::<Parcel>().build().await;
    let vienna = || Some(OldHome { town: "Vienna".to_owned() });
    let old = |id: &str, place, home| Old { id: id.to_owned(), place, home, days: 1 };
    for old in [old("a", vienna(), None), old("b", None, vienna()), old("c", vienna(), vienna())] {
        Old::create(old).send(&client).await.unwrap();
    }
    let city = |id: &str| New::get(New::key(id)).attribute(New::HOME.then(Home::CITY));
    for id in ["a", "b"] {
        assert_eq!(read(city(id).send(&client)).await.as_deref(), Some("Vienna"));
    }
    let error = city("c").send(&client).await.unwrap_err();
    assert!(error.to_string().contains("under two of its names"), "{error}");
    let error = New::get(New::key("a")).attribute(New::DAYS).send(&client).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.path(), Some("Item.days"));
}
