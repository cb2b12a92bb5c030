//! Indexes that hold a part of each item, which is what a query of them gives.

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use serde_json::{Value, json};

use crate::engine::eventually;

/// What the index `email-index` holds.
#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Member)]
struct Contact {
    id: String,
    email: Option<String>,
    name: String,
    city: Option<String>,
}

/// The keys of the index `team-index` and of the table.
#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Member)]
struct InTeam {
    id: String,
    team: String,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Member)]
struct Name {
    name: String,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Member)]
struct Points {
    points: u32,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "members")]
#[dynamo(index(by_email, name = "email-index", partition_key = email, projects = Contact))]
#[dynamo(index(by_team, name = "team-index", partition_key = team, projects = InTeam))]
struct Member {
    #[dynamo(partition_key)]
    id: String,
    email: Option<String>,
    team: String,
    name: String,
    #[dynamo(rename = "town", alias = "place")]
    city: Option<String>,
    points: u32,
}

fn member(id: &str) -> Member {
    Member {
        id: id.to_owned(),
        email: Some(format!("{id}@example.com")),
        team: "red".to_owned(),
        name: format!("name of {id}"),
        city: Some("Vienna".to_owned()),
        points: 7,
    }
}

fn contact(id: &str) -> Contact {
    let Member { id, email, name, city, .. } = member(id);
    Contact { id, email, name, city }
}

async fn stored() -> SecureClient {
    let client = crate::engine::client().table::<Member>().table::<Visit>().build().await;
    store(&client).await;
    client
}

/// The same where the requests are looked at.
async fn seen() -> (SecureClient, LocalEngine) {
    let engine = crate::engine::embedded_engine().await;
    let client = crate::engine::embedded().engine(&engine).table::<Member>().table::<Visit>();
    let client = client.build().await.unwrap();
    store(&client).await;
    (client, engine)
}

async fn store(client: &SecureClient) {
    for id in ["a", "b", "c"] {
        Member::create(member(id)).send(client).await.unwrap();
    }
}

fn last(engine: &LocalEngine) -> Value {
    serde_json::from_slice(engine.requests().last().unwrap().body()).unwrap()
}

#[tokio::test]
async fn the_table_is_made_with_what_its_indexes_have() {
    let (_client, engine) = seen().await;
    let bodies = engine
        .requests()
        .into_iter()
        .map(|request| serde_json::from_slice::<Value>(request.body()).unwrap());
    let mut projections = Vec::new();
    for body in bodies.filter(|body| body["KeySchema"].is_array()) {
        for member in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            for index in body[member].as_array().into_iter().flatten() {
                projections.push((index["IndexName"].clone(), index["Projection"].clone()));
            }
        }
    }
    let include =
        |names: &[&str]| json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": names });
    let expected = [
        (json!("email-index"), include(&["name", "place", "town"])),
        (json!("team-index"), json!({ "ProjectionType": "KEYS_ONLY" })),
        (json!("room-index"), include(&["expires_at"])),
    ];
    assert_eq!(projections, expected);
}

#[tokio::test]
async fn a_query_gives_what_the_index_has() {
    let client = stored().await;
    let by_email = || Member::by_email("a@example.com").page(&client);
    eventually(vec![contact("a")], async || by_email().await.unwrap().items).await;
    let team = || Member::by_team("red");
    let sorted = |items: Vec<InTeam>| {
        let mut ids: Vec<_> = items.into_iter().map(|item| item.id).collect();
        ids.sort();
        ids
    };
    let all = ["a", "b", "c"].map(str::to_owned).to_vec();
    let found = async || sorted(team().items(&client).collect().await.unwrap());
    eventually(all.clone(), found).await;
    let by_pages = async || {
        let first = team().limit(2).page(&client).await.unwrap();
        let Some(cursor) = first.next else { return sorted(first.items) };
        let rest = team().limit(2).after(cursor).page(&client).await.unwrap();
        sorted([first.items, rest.items].concat())
    };
    eventually(all, by_pages).await;
    eventually(3, async || team().count(&client).await.unwrap()).await;
}

#[tokio::test]
async fn a_part_of_what_the_index_has_is_asked_for() {
    let (client, engine) = seen().await;
    // All that the index has is what it gives without being asked.
    Member::by_email("a@example.com").page(&client).await.unwrap();
    assert_eq!(last(&engine)["ProjectionExpression"], Value::Null);
    let query = Member::by_email("a@example.com").filter(Member::NAME.begins_with("name"));
    let names = query.project::<Name>().page(&client).await.unwrap();
    assert_eq!(names.items, [Name { name: "name of a".to_owned() }]);
    let asked = last(&engine);
    // With the key that tells that an item is one that was asked for.
    let names = asked["ProjectionExpression"].as_str().unwrap().split(", ");
    let names = names.map(|name| &asked["ExpressionAttributeNames"][name]);
    assert_eq!(names.collect::<Vec<_>>(), ["name", "email"]);
}

#[tokio::test]
async fn what_the_index_does_not_have_is_told_before_anything_is_sent() {
    let (client, engine) = seen().await;
    let sent = engine.requests().len();
    let by_email = || Member::by_email("a@example.com");
    let refused = [
        by_email().project::<Points>().page(&client).await.map(|_| ()),
        by_email().filter(Member::POINTS.gt(3)).page(&client).await.map(|_| ()),
        by_email().filter(Member::POINTS.gt(3)).count(&client).await.map(|_| ()),
        by_email()
            .filter(Member::NAME.eq("x").or(Member::POINTS.gt(3)))
            .count(&client)
            .await
            .map(|_| ()),
        by_email().fetch_borrowed::<Points>(&client).await.map(|_| ()),
    ];
    for error in refused {
        let error = error.unwrap_err();
        assert!(error.is_invalid(), "{error}");
        assert_eq!(error.path(), Some("points"));
        assert!(error.to_string().contains("`email-index` does not have `points`"), "{error}");
    }
    let error = by_email().project::<Member>().page(&client).await.unwrap_err();
    assert!(error.to_string().contains("does not have all attributes"), "{error}");
    assert_eq!(engine.requests().len(), sent);
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Visit)]
struct Booked {
    guest: String,
    number: u32,
    expires_at: Option<Timestamp>,
}

/// Of which a local index has the keys, and the time of expiry.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "visits")]
#[dynamo(index(by_room, name = "room-index", local, sort_key = room, projects = Booked))]
struct Visit {
    #[dynamo(partition_key)]
    guest: String,
    #[dynamo(sort_key)]
    number: u32,
    room: String,
    #[dynamo(ttl)]
    expires_at: Option<Timestamp>,
}

#[tokio::test]
async fn an_expired_item_is_told_by_the_index_too() {
    let client = stored().await;
    let seconds = |seconds| Some(Timestamp::from_epoch_seconds(seconds).unwrap());
    let past = seconds(Timestamp::now().epoch_seconds() - 60);
    for (number, expires_at) in [(1, past), (2, None), (3, seconds(4_000_000_000))] {
        let visit = Visit { guest: "g".to_owned(), number, room: "1".to_owned(), expires_at };
        Visit::create(visit).send(&client).await.unwrap();
    }
    let booked = |number, expires_at| Booked { guest: "g".to_owned(), number, expires_at };
    let query = || Visit::by_room("g").room("1").consistent();
    assert_eq!(
        query().items(&client).collect().await.unwrap(),
        [booked(2, None), booked(3, seconds(4_000_000_000))]
    );
    assert_eq!(query().including_expired().count(&client).await.unwrap(), 3);
}
