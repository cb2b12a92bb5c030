//! A struct with named fields is a map.

use std::collections::{BTreeMap, HashMap};

use dynamo_runtime::Sensitive;
use dynamo_runtime::prelude::*;

use super::{json, read};

#[derive(Document, Clone, Debug, Default, PartialEq)]
#[dynamo(rename_all = "camelCase")]
struct Address {
    city: String,
    postal_code: Option<String>,
    #[dynamo(rename = "cc", default = home_country)]
    country_code: String,
    #[dynamo(default)]
    floor: u8,
    #[dynamo(skip)]
    checked: bool,
    phones: Vec<Phone>,
}

fn home_country() -> String {
    "NO".to_owned()
}

#[derive(Document, Clone, Debug, Default, PartialEq)]
struct Phone {
    r#type: String,
    number: Sensitive<String>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people")]
struct Person {
    #[dynamo(partition_key)]
    id: String,
    home: Address,
    work: Option<Address>,
    former: Vec<Address>,
    by_season: BTreeMap<String, Address>,
    boxed: Box<Address>,
}

fn address(city: &str) -> Address {
    Address {
        city: city.to_owned(),
        postal_code: Some("0150".to_owned()),
        country_code: "SE".to_owned(),
        floor: 3,
        checked: false,
        phones: vec![Phone {
            r#type: "mobile".to_owned(),
            number: Sensitive::new("555".to_owned()),
        }],
    }
}

fn person() -> Person {
    Person {
        id: "p1".to_owned(),
        home: address("Oslo"),
        work: None,
        former: vec![address("Bergen"), Address::default()],
        by_season: BTreeMap::from([("summer".to_owned(), address("Molde"))]),
        boxed: Box::new(address("Moss")),
    }
}

#[test]
fn each_field_is_an_attribute_of_the_map() {
    assert_eq!(
        json(&address("Oslo")),
        r#"{"city":{"S":"Oslo"},"postalCode":{"S":"0150"},"cc":{"S":"SE"},"floor":{"N":"3"},"phones":{"L":[{"M":{"type":{"S":"mobile"},"number":{"S":"555"}}}]}}"#
    );
    let json = json(&person());
    assert!(json.contains(r#""home":{"M":{"city":{"S":"Oslo"},"#), "{json}");
    assert!(!json.contains("work"), "{json}");
    assert_eq!(read(&json), Ok(person()));
}

#[test]
fn what_is_absent_reads_as_its_default() {
    let expected =
        Address { city: "Oslo".to_owned(), country_code: "NO".to_owned(), ..Address::default() };
    let stored = r#"{"city":{"S":"Oslo"},"phones":{"L":[]},"unknown":{"NULL":true}}"#;
    assert_eq!(read(stored), Ok(expected));
}

#[test]
fn an_error_in_a_map_has_its_path() {
    let path = |home: &str| {
        let item = format!(r#"{{"id":{{"S":"p1"}},"home":{home}}}"#);
        read::<Person>(&item).unwrap_err().to_string()
    };
    assert_eq!(
        path(r#"{"M":{"city":{"N":"1"}}}"#),
        "`home.city`: expected a string (S), found a number (N)"
    );
    assert_eq!(
        path(r#"{"M":{"cc":{"S":"SE"}}}"#),
        "`home.city`: the attribute is missing; a field that older items lack has `#[dynamo(default)]`"
    );
    assert_eq!(
        path(r#"{"M":{"city":{"S":""},"phones":{"L":[{"M":{"type":{"S":""}}}]}}}"#),
        "`home.phones[0].number`: the attribute is missing; a field that older items lack has `#[dynamo(default)]`"
    );
    assert_eq!(
        path(r#"{"M":{"city":{"S":""},"city":{"S":""}}}"#),
        "`home.city`: the name stands twice in its object"
    );
    assert_eq!(path(r#"{"S":"Oslo"}"#), "`home`: expected a map (M), found a string (S)");
}

#[tokio::test]
async fn an_entity_with_documents_round_trips_through_the_engine() {
    let client = crate::engine::client().table::<Person>().build().await;
    let written = Person::create(person()).send(&client).await.unwrap();
    assert_eq!(written, person());
    let found = Person::get(Person::key("p1")).send(&client).await.unwrap();
    assert_eq!(found, Some(person()));

    Person::update(Person::key("p1"))
        .set(Person::WORK, address("Asker"))
        .condition(Person::HOME.eq(address("Oslo")).and(Person::WORK.not_exists()))
        .send(&client)
        .await
        .unwrap();
    let found = Person::get(Person::key("p1")).send(&client).await.unwrap().unwrap();
    assert_eq!(found.work, Some(address("Asker")));
}

#[test]
fn attributes_are_named_as_those_of_an_entity() {
    let names = [
        format!("{:?}", Address::CITY),
        format!("{:?}", Address::POSTAL_CODE),
        format!("{:?}", Address::COUNTRY_CODE),
        format!("{:?}", Phone::TYPE),
    ];
    assert_eq!(names, ["city", "postalCode", "cc", "type"]);
}

#[test]
fn a_map_of_documents() {
    #[derive(Document, Debug, PartialEq)]
    struct Rooms {
        by_name: HashMap<String, Phone>,
    }
    let rooms = Rooms { by_name: HashMap::from([("hall".to_owned(), Phone::default())]) };
    assert_eq!(
        json(&rooms),
        r#"{"by_name":{"M":{"hall":{"M":{"type":{"S":""},"number":{"S":""}}}}}}"#
    );
    assert_eq!(read(&json(&rooms)), Ok(rooms));
}
