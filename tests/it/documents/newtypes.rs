//! A struct of one field is what that field is.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use dynamo_runtime::prelude::*;

use super::{json, read};

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct UserId(String);

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct Number {
    number: u64,
}

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Digest([u8; 2]);

#[derive(Document, Clone, Debug, PartialEq)]
struct Celsius(f64);

#[derive(Document, Clone, Debug, PartialEq)]
struct Nickname(Option<String>);

#[derive(Document, Clone, Debug, PartialEq)]
struct Labels(BTreeSet<String>);

#[derive(Document, Clone, Debug, PartialEq)]
struct Place {
    temperature: Celsius,
    nickname: Nickname,
    labels: Labels,
    history: Vec<Celsius>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "groups")]
struct Group {
    #[dynamo(partition_key)]
    id: UserId,
    members: BTreeSet<UserId>,
    numbers: HashSet<Number>,
    digests: BTreeSet<Digest>,
    roles: BTreeMap<UserId, String>,
    celsius: Celsius,
}

#[test]
fn it_is_stored_as_its_field() {
    let place = Place {
        temperature: Celsius(-2.5),
        nickname: Nickname(Some("fridge".to_owned())),
        labels: Labels(BTreeSet::from(["cold".to_owned()])),
        history: vec![Celsius(1.0)],
    };
    assert_eq!(
        json(&place),
        r#"{"temperature":{"N":"-2.5"},"nickname":{"S":"fridge"},"labels":{"SS":["cold"]},"history":{"L":[{"N":"1"}]}}"#
    );
    assert_eq!(read(&json(&place)), Ok(place));
}

#[test]
fn it_is_absent_where_its_field_is() {
    let place = Place {
        temperature: Celsius(0.0),
        nickname: Nickname(None),
        labels: Labels(BTreeSet::new()),
        history: Vec::new(),
    };
    assert_eq!(json(&place), r#"{"temperature":{"N":"0"},"history":{"L":[]}}"#);
    assert_eq!(read(&json(&place)), Ok(place));
}

#[tokio::test]
async fn a_key_part_is_an_element_of_a_set_and_the_key_of_a_map() {
    let client = crate::engine::client().table::<Group>().build().await;
    let id = |id: &str| UserId(id.to_owned());
    let group = Group {
        id: id("g1"),
        members: BTreeSet::from([id("u1"), id("u2")]),
        numbers: HashSet::from([Number { number: 7 }]),
        digests: BTreeSet::from([Digest([0, 255])]),
        roles: BTreeMap::from([(id("u1"), "owner".to_owned())]),
        celsius: Celsius(36.6),
    };
    assert_eq!(
        json(&group),
        r#"{"id":{"S":"g1"},"members":{"SS":["u1","u2"]},"numbers":{"NS":["7"]},"digests":{"BS":["AP8="]},"roles":{"M":{"u1":{"S":"owner"}}},"celsius":{"N":"36.6"}}"#
    );
    Group::create(group.clone()).send(&client).await.unwrap();
    let found = Group::get(Group::key(id("g1"))).send(&client).await.unwrap();
    assert_eq!(found, Some(group));
}
