//! An item of an older shape is read as that, and converted.

use std::time::Duration;

use dynamo_runtime::prelude::*;

use super::{Old, client, old, written};

/// The shape of now.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people", upgrade = OldPerson)]
struct Person {
    #[dynamo(partition_key)]
    id: String,
    emails: Vec<String>,
    #[dynamo(version)]
    version: Version,
    #[dynamo(ttl)]
    expires_at: Option<Timestamp>,
}

/// The one before, which knows of no expiry.
#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(upgrade = OldestPerson)]
struct OldPerson {
    id: String,
    email: String,
    #[dynamo(default)]
    version: Version,
}

/// The first one.
#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(deny_unknown)]
struct OldestPerson {
    id: String,
    mail: String,
    labels: Vec<String>,
    visits: u32,
}

impl From<OldPerson> for Person {
    fn from(old: OldPerson) -> Self {
        Self { id: old.id, emails: vec![old.email], version: old.version, expires_at: None }
    }
}

impl TryFrom<OldestPerson> for OldPerson {
    type Error = &'static str;

    fn try_from(oldest: OldestPerson) -> Result<Self, Self::Error> {
        if oldest.visits == 0 {
            return Err("a person without visits was never stored by the second program");
        }
        Ok(Self { id: oldest.id, email: oldest.mail, version: Version::UNSAVED })
    }
}

#[tokio::test]
async fn an_item_of_each_older_shape_is_upgraded() {
    let client = written(old("p")).await;
    let second = Old { mail: None, email: Some("b@example.com".to_owned()), ..old("q") };
    Old::put_unconditionally(second).send(&client).await.unwrap();
    let read = |id: &'static str| Person::get(Person::key(id)).send(&client);
    let oldest = read("p").await.unwrap().unwrap();
    assert_eq!(oldest.emails, ["a@example.com"]);
    assert_eq!(oldest.version, Version::UNSAVED);
    assert_eq!(read("q").await.unwrap().unwrap().emails, ["b@example.com"]);

    // A write brings it to the shape of now, at the version that it has: none.
    let written = Person::put(oldest).if_exists().send(&client).await.unwrap();
    assert_eq!(written.version, Version::FIRST);
    let add = |person: &mut Person| {
        person.emails.push("c@example.com".to_owned());
        Ok(())
    };
    let modified = Person::modify(Person::key("p"), add).send(&client).await.unwrap();
    assert_eq!(modified.version, Version::new(2));
    assert_eq!(read("p").await.unwrap(), Some(modified));
}

#[tokio::test]
async fn an_upgraded_item_expires_by_its_attribute() {
    let client = client().await;
    let person = Person {
        id: "p".to_owned(),
        emails: Vec::new(),
        version: Version::UNSAVED,
        expires_at: Some(Timestamp::now() - Duration::from_mins(1)),
    };
    Person::create(person).send(&client).await.unwrap();
    assert_eq!(Person::get(Person::key("p")).send(&client).await.unwrap(), None);
    let expired = Person::get(Person::key("p")).including_expired().send(&client).await.unwrap();
    assert!(expired.unwrap().expires_at.is_some());
}

#[tokio::test]
async fn the_error_tells_of_every_shape() {
    let client = written(Old { mail: None, ..old("p") }).await;
    let error = Person::get(Person::key("p")).send(&client).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.path(), Some("Item.emails"));
    let text = error.to_string();
    let told = "`Item.emails`: the attribute is missing; and of the older shape: \
                `Item.email`: the attribute is missing; and of the older shape: \
                `Item.mail`: the attribute is missing";
    assert!(text.contains(told), "{text}");
}

#[tokio::test]
async fn a_conversion_that_is_refused_says_why() {
    let client = written(Old { visits: Some(0), ..old("p") }).await;
    let error = Person::get(Person::key("p")).send(&client).await.unwrap_err();
    let text = error.to_string();
    let reason = "a person without visits was never stored by the second program";
    assert!(text.contains(reason) && !text.contains("example.com"), "{text}");
}

#[tokio::test]
async fn a_failed_condition_has_the_upgraded_item() {
    let client = written(old("p")).await;
    let person = Person::get(Person::key("p")).send(&client).await.unwrap().unwrap();
    let error = Person::create(person.clone()).send(&client).await.unwrap_err();
    assert_eq!(error.current(), Some(&person));
}

#[test]
fn broken_json_is_no_older_shape() {
    use dynamo_runtime::codec::decode_item;

    let error = decode_item::<OldPerson>(br#"{"id":{"S":"p"},"mail":{"S":"x"}"#).unwrap_err();
    assert!(error.is_malformed() && error.older().is_none(), "{error}");
    let error = decode_item::<OldPerson>(br#"{"id":{"S":"p"},"x":{"S":"x"}}"#).unwrap_err();
    assert!(error.is_missing(), "{error}");
    assert!(error.older().unwrap().is_unknown(), "{error}");
}
