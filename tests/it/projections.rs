//! Some attributes of an entity, as a type of their own.

use std::borrow::Cow;
use std::time::Duration;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use serde_json::{Value, json};

use crate::entities::{
    Reading, ReadingQuery, Session, SessionKey, User, engine, reading, reading_key, user, user_key,
};

mod nested;

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = User)]
struct Login {
    email: String,
    password_hash: Sensitive<String>,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = User)]
struct LoginRef<'a> {
    email: Cow<'a, str>,
    password_hash: Sensitive<Cow<'a, str>>,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Reading)]
struct Remark {
    remark: Option<String>,
    count: u64,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Reading)]
struct RemarkRef<'de> {
    remark: Option<Cow<'de, str>>,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Reading)]
struct Taken {
    taken_at: Option<Timestamp>,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Session)]
struct Lifetime {
    expires_at: Timestamp,
}

/// An entity whose attributes have a type of their own.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "parcels", attributes = ParcelAttributes)]
struct Parcel {
    #[dynamo(partition_key)]
    id: String,
    weight: u32,
    r#type: Option<String>,
}

impl Parcel {
    const WEIGHT: u32 = 30;
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Parcel, attributes = ParcelAttributes)]
struct Weight {
    weight: u32,
    r#type: Option<String>,
}

/// The last request's body.
fn last(engine: &LocalEngine) -> Value {
    serde_json::from_slice(engine.requests().last().unwrap().body()).unwrap()
}

/// The paths that the last request asked for.
fn asked(engine: &LocalEngine) -> Vec<String> {
    let body = last(engine);
    let projection = body["ProjectionExpression"].as_str().unwrap_or_default();
    let name = |placeholder: &str| body["ExpressionAttributeNames"][placeholder].as_str().unwrap();
    let path = |path: &str| path.split('.').map(name).collect::<Vec<_>>().join(".");
    projection.split(", ").filter(|path| !path.is_empty()).map(path).collect()
}

#[tokio::test]
async fn a_get_asks_for_its_attributes_only() {
    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let login = User::get(user_key("u1")).project::<Login>().send(&client).await.unwrap();
    let expected = Login { email: created.email, password_hash: created.password_hash };
    assert_eq!(login, Some(expected));
    assert_eq!(asked(&engine), ["email", "password_hash", "user_id", "expires_at"]);
    let none = User::get(user_key("u2")).project::<Login>().send(&client).await.unwrap();
    assert_eq!(none, None);
    User::get(user_key("u1")).send(&client).await.unwrap();
    assert_eq!(asked(&engine), [""; 0]);
}

#[tokio::test]
async fn an_item_without_any_of_the_attributes_is_not_taken_for_absent() {
    let (client, _engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let key = || reading_key("s", 1);
    Reading::update(key()).remove(Reading::COUNT).if_exists().send(&client).await.unwrap();
    let remark = Reading::get(key()).project::<Remark>().send(&client).await.unwrap();
    // What is absent reads as the entity reads it.
    assert_eq!(remark, Some(Remark { remark: None, count: 0 }));
}

#[tokio::test]
async fn an_expired_item_reads_as_absent_in_a_projection_too() {
    let (client, engine) = engine().await;
    let expired = Some(Timestamp::now() - Duration::from_mins(1));
    User::create(User { expires_at: expired, ..user("u1") }).send(&client).await.unwrap();
    let get = || User::get(user_key("u1")).project::<Login>();
    assert_eq!(get().send(&client).await.unwrap(), None);
    assert!(get().fetch_borrowed::<Login>(&client).await.unwrap().item().unwrap().is_none());
    assert!(get().including_expired().send(&client).await.unwrap().is_some());
    assert_eq!(asked(&engine), ["email", "password_hash", "user_id"]);
    let query = || User::by_email("u1@example.com").project::<Login>();
    assert_eq!(query().items(&client).collect().await.unwrap(), []);
    assert_eq!(query().including_expired().items(&client).collect().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_form_of_an_attribute_is_the_entitys() {
    let (client, _engine) = engine().await;
    let expires_at = Timestamp::from_epoch_seconds(4_000_000_000).unwrap();
    let now = Timestamp::now();
    let [owner, token] = ["o", "t"].map(str::to_owned);
    let key = SessionKey { owner: owner.clone(), token: token.clone() };
    let session = Session { owner, token, hits: 0, created_at: now, updated_at: now, expires_at };
    Session::create(session).send(&client).await.unwrap();
    let lifetime = Session::get(key).project::<Lifetime>().send(&client).await.unwrap();
    assert_eq!(lifetime, Some(Lifetime { expires_at }));
}

#[tokio::test]
async fn queries_and_scans_give_projections() {
    let (client, engine) = engine().await;
    for number in 0..4 {
        let remark = Some(format!("no. {number}"));
        Reading::create(Reading { remark, ..reading("s", number) }).send(&client).await.unwrap();
    }
    let remarks = |found: Vec<Remark>| -> Vec<String> {
        found.into_iter().filter_map(|remark| remark.remark).collect()
    };
    let query = || Reading::query("s").project::<Remark>();
    let all = query().items(&client).collect().await.unwrap();
    assert_eq!(remarks(all), ["no. 0", "no. 1", "no. 2", "no. 3"]);
    // The keys of the condition tell that an item is one that was asked for.
    assert_eq!(asked(&engine), ["note", "count", "sensor"]);
    assert_eq!(query().count(&client).await.unwrap(), 4);
    // The sort key's own method is there before and after.
    let page = query().number(2..).page(&client).await.unwrap();
    assert_eq!(remarks(page.items), ["no. 2", "no. 3"]);
    let page = Reading::query("s").number(..1).project::<Remark>().page(&client).await.unwrap();
    assert_eq!(remarks(page.items), ["no. 0"]);

    let by_unit = Reading::by_unit("celsius").descending().project::<Taken>();
    let taken = by_unit.items(&client).collect().await.unwrap();
    let seconds = taken.iter().map(|taken| taken.taken_at.unwrap().epoch_seconds());
    assert!(seconds.eq([3, 2, 1, 0]));
    let scanned = Reading::scan().project::<Remark>().items(&client).collect().await.unwrap();
    assert_eq!(scanned.len(), 4);
}

#[tokio::test]
async fn a_page_of_projections_that_was_cut_goes_on_after_its_last_item() {
    let (client, engine) = engine().await;
    for number in 0..20 {
        let remark = Some(number.to_string());
        Reading::create(Reading { remark, ..reading("s", number) }).send(&client).await.unwrap();
    }
    let numbers = |found: Vec<Remark>| -> Vec<u32> {
        found.into_iter().map(|remark| remark.remark.unwrap().parse().unwrap()).collect()
    };
    let query = || Reading::by_unit("celsius").filter(Reading::VALUE.ge(2.0)).project::<Remark>();
    let first = query().limit(3).page(&client).await.unwrap();
    assert_eq!(numbers(first.items), [4, 5, 6]);
    assert_eq!(asked(&engine), ["note", "count", "sensor", "number", "takenAt", "unit"]);
    let next = query().limit(2).after(first.next.unwrap()).page(&client).await.unwrap();
    assert_eq!(numbers(next.items), [7, 8]);
    let fetched = query().limit(2).after(next.next.unwrap());
    let fetched = fetched.fetch_borrowed::<Remark>(&client).await.unwrap();
    assert_eq!(numbers(fetched.items().unwrap()), [9, 10]);
    let rest = query().after(fetched.next.unwrap()).items(&client).collect().await.unwrap();
    assert_eq!(numbers(rest), (11..20).collect::<Vec<_>>());
    // A cursor is of the index, whatever is read from it.
    let page = Reading::by_unit("celsius").limit(1).page(&client).await.unwrap();
    let next = Reading::by_unit("celsius").project::<Remark>().limit(1).after(page.next.unwrap());
    assert_eq!(numbers(next.page(&client).await.unwrap().items), [1]);
}

#[tokio::test]
async fn what_is_read_borrows_from_the_response_that_is_kept() {
    let (client, _engine) = engine().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let fetched = User::get(user_key("u1")).fetch_borrowed::<LoginRef<'_>>(&client).await.unwrap();
    let login = fetched.item().unwrap().unwrap();
    assert!(matches!(login.email, Cow::Borrowed("u1@example.com")));
    assert!(matches!(login.password_hash.expose(), Cow::Borrowed("hash-of-u1")));
    assert!(!format!("{fetched:?} {login:?}").contains("hash-of"));

    for (number, remark) in ["plain", "with \"quotes\""].into_iter().enumerate() {
        let remark = Some(remark.to_owned());
        let number = u32::try_from(number).unwrap();
        Reading::create(Reading { remark, ..reading("s", number) }).send(&client).await.unwrap();
    }
    let query = Reading::query("s");
    let page = query.clone().limit(1).fetch_borrowed::<RemarkRef<'_>>(&client).await.unwrap();
    let items = page.items().unwrap();
    assert!(matches!(items[..], [RemarkRef { remark: Some(Cow::Borrowed("plain")) }]));
    let rest = query.after(page.next.clone().unwrap());
    let page = rest.fetch_borrowed::<RemarkRef<'_>>(&client).await.unwrap();
    // An escape cannot be borrowed.
    let items = page.items().unwrap();
    assert!(matches!(&items[..], [RemarkRef { remark: Some(Cow::Owned(_)) }]));
    assert_eq!(items[0].remark.as_deref(), Some("with \"quotes\""));
    assert!(page.next.is_none());
    let scanned = Reading::scan().fetch_borrowed::<RemarkRef<'_>>(&client).await.unwrap();
    assert_eq!(scanned.items().unwrap().len(), 2);
}

#[tokio::test]
async fn an_update_gives_back_a_projection_and_asks_for_what_it_set_only() {
    let (client, engine) = engine().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let update = || Reading::update(reading_key("s", 1)).if_exists();
    let set = update().set(Reading::REMARK, "new").add(Reading::COUNT, 2);
    let new = set.clone().returning_new().project::<Remark>().send(&client).await.unwrap();
    assert_eq!(new, Remark { remark: Some("new".to_owned()), count: 2 });
    assert_eq!(last(&engine)["ReturnValues"], json!("UPDATED_NEW"));
    let old = set.returning_old().project::<Remark>().send(&client).await.unwrap();
    assert_eq!(old, Some(Remark { remark: Some("new".to_owned()), count: 2 }));
    assert_eq!(last(&engine)["ReturnValues"], json!("ALL_OLD"));
    // What is removed is not among what was updated.
    let removed = update().remove(Reading::REMARK).set(Reading::COUNT, 9).returning_new();
    let new = removed.project::<Remark>().send(&client).await.unwrap();
    assert_eq!(new, Remark { remark: None, count: 9 });
    assert_eq!(last(&engine)["ReturnValues"], json!("ALL_NEW"));
    let deleted = Reading::delete(reading_key("s", 1)).if_exists().returning_old();
    let deleted = deleted.project::<Remark>().send(&client).await.unwrap();
    assert_eq!(deleted, Some(Remark { remark: None, count: 9 }));
}

#[tokio::test]
async fn a_lost_response_gives_the_projection_too() {
    /// A user with the time of the last write, which tells whose it was.
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "users")]
    struct Dated {
        #[dynamo(partition_key)]
        user_id: String,
        email: String,
        #[dynamo(version)]
        version: Version,
        #[dynamo(updated_at)]
        updated_at: Timestamp,
    }

    #[derive(Projection, Debug, PartialEq)]
    #[dynamo(of = Dated)]
    struct Address {
        email: String,
    }

    let (client, engine) = engine().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let update = Dated::update(Dated::key("u1")).set(Dated::EMAIL, "new@example.com");
    let update = update.at_version(created.version).returning_new().project::<Address>();
    let address = update.send(&client).await.unwrap();
    assert_eq!(address, Address { email: "new@example.com".to_owned() });
}

#[tokio::test]
async fn the_constants_may_be_on_a_type_of_their_own() {
    let client = crate::engine::client().table::<Parcel>().build().await;
    let parcel = Parcel { id: "p".to_owned(), weight: Parcel::WEIGHT, r#type: None };
    let key = parcel.to_key();
    Parcel::create(parcel).send(&client).await.unwrap();
    let weight = Parcel::get(key).project::<Weight>().send(&client).await.unwrap();
    assert_eq!(weight, Some(Weight { weight: 30, r#type: None }));
}

/// The table's `User`, with a list where that has a text.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", allow(unconditional_put))]
struct Strange {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    password_hash: Vec<String>,
}

#[tokio::test]
async fn an_item_that_does_not_fit_is_an_error_with_its_place() {
    let (client, _engine) = engine().await;
    let strange = Strange {
        user_id: "u1".to_owned(),
        email: "u1@example.com".to_owned(),
        password_hash: Vec::new(),
    };
    Strange::put_unconditionally(strange).send(&client).await.unwrap();
    let get = || User::get(user_key("u1")).project::<Login>();
    let error = get().send(&client).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.path(), Some("Item.password_hash"));
    let fetched = get().fetch_borrowed::<Login>(&client).await.unwrap();
    assert_eq!(fetched.item().unwrap_err().path(), Some("Item.password_hash"));
}
