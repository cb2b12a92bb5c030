//! An attribute is read under its older names, and written under its own.

use std::collections::BTreeSet;

use dynamo_runtime::UnknownAttributes;
use dynamo_runtime::prelude::*;

use super::{Old, client, old, stored, written};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people")]
struct Person {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(alias = "mail", alias = "e-mail")]
    email: Option<String>,
    #[dynamo(rename = "tags", alias = "labels", default)]
    tags: Vec<String>,
    #[dynamo(alias = "visits")]
    visit_count: Option<u32>,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Person)]
struct Contact {
    email: Option<String>,
    tags: Vec<String>,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Address {
    #[dynamo(alias = "town")]
    city: String,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct OldAddress {
    town: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people", allow(unconditional_put))]
struct Housed {
    #[dynamo(partition_key)]
    id: String,
    address: OldAddress,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people")]
struct Rehoused {
    #[dynamo(partition_key)]
    id: String,
    address: Address,
}

fn person() -> Person {
    Person {
        id: "p".to_owned(),
        email: Some("a@example.com".to_owned()),
        tags: vec!["x".to_owned()],
        visit_count: Some(3),
    }
}

#[tokio::test]
async fn an_item_is_read_under_its_older_names() {
    let client = written(old("p")).await;
    let read = Person::get(Person::key("p")).send(&client).await.unwrap();
    assert_eq!(read, Some(person()));
    let contact = Person::query("p").project::<Contact>().items(&client).collect().await.unwrap();
    let Person { email, tags, .. } = person();
    assert_eq!(contact, [Contact { email, tags }]);
}

#[tokio::test]
async fn a_whole_write_leaves_the_names_of_now() {
    let client = written(old("p")).await;
    Person::replace(person()).send(&client).await.unwrap();
    let stored = stored(&client, "p").await;
    assert_eq!(stored.mail, None);
    assert_eq!(stored.email.as_deref(), Some("a@example.com"));
    assert_eq!(stored.labels, [""; 0]);
    assert!(stored.rest.names().eq(["tags", "visit_count"]));
    assert_eq!(Person::get(Person::key("p")).send(&client).await.unwrap(), Some(person()));
}

#[tokio::test]
async fn an_update_of_an_attribute_removes_its_older_names() {
    let client = written(old("p")).await;
    let update = || Person::update(Person::key("p")).if_exists();
    let set = update().set(Person::EMAIL, "b@example.com").remove(Person::TAGS);
    let updated = set.returning_new().send(&client).await.unwrap();
    assert_eq!(updated.email.as_deref(), Some("b@example.com"));
    assert_eq!((updated.tags, updated.visit_count), (Vec::new(), Some(3)));
    let left = stored(&client, "p").await;
    assert_eq!((left.mail, left.labels), (None, Vec::new()));
    // What was not written stays under its older name.
    assert_eq!(left.visits, Some(3));
}

#[tokio::test]
async fn an_update_mends_an_item_with_two_names() {
    let client = written(Old { email: Some("b@example.com".to_owned()), ..old("p") }).await;
    let update = Person::update(Person::key("p")).set(Person::EMAIL, None::<String>).if_exists();
    let mended = update.returning_new().send(&client).await.unwrap();
    assert_eq!(mended.email, None);
}

#[tokio::test]
async fn an_update_that_builds_on_what_is_there_fails_where_that_has_an_older_name() {
    let client = written(old("p")).await;
    let update = || Person::update(Person::key("p")).if_exists();
    for update in [
        update().add(Person::VISIT_COUNT, 1),
        update().subtract(Person::VISIT_COUNT, 1),
        update().set_if_absent(Person::VISIT_COUNT, 9),
        update().append(Person::TAGS, ["y"]),
        update().set(Person::TAGS.at(0), "y"),
    ] {
        let error = update.send(&client).await.unwrap_err();
        assert!(error.is_condition_failed());
        assert_eq!(error.current(), Some(&person()));
    }
    update().set(Person::VISIT_COUNT, 4).send(&client).await.unwrap();
    let counted = update().add(Person::VISIT_COUNT, 1).returning_new().send(&client).await.unwrap();
    assert_eq!(counted.visit_count, Some(5));
}

#[tokio::test]
async fn a_lost_update_is_told_by_the_names_that_are_left() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "people")]
    struct Versioned {
        #[dynamo(partition_key)]
        id: String,
        #[dynamo(alias = "mail")]
        email: Option<String>,
        #[dynamo(version, default)]
        version: Version,
        #[dynamo(updated_at)]
        updated_at: Timestamp,
    }

    let engine = crate::engine::embedded_engine().await;
    let client = crate::engine::embedded().engine(&engine).table::<Old>().build().await.unwrap();
    Old::put_unconditionally(old("p")).send(&client).await.unwrap();
    let first = Versioned::update(Versioned::key("p")).at_version(Version::UNSAVED);
    engine.faults().lose_response("UpdateItem");
    let update = first.set(Versioned::EMAIL, "b@example.com").returning_new();
    let updated = update.send(&client).await.unwrap();
    assert_eq!(
        (updated.email.as_deref(), updated.version),
        (Some("b@example.com"), Version::FIRST)
    );
    assert_eq!(stored(&client, "p").await.mail, None);
}

#[tokio::test]
async fn a_condition_knows_the_name_of_now_only() {
    let client = written(old("p")).await;
    let update = Person::update(Person::key("p")).set(Person::VISIT_COUNT, 1);
    let error = update.condition(Person::EMAIL.exists()).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed());
    assert_eq!(error.current(), Some(&person()));
}

#[tokio::test]
async fn two_names_in_one_item_are_an_error_and_neither_is_dropped() {
    let client = written(Old { email: Some("b@example.com".to_owned()), ..old("p") }).await;
    let error = Person::get(Person::key("p")).send(&client).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.path(), Some("Item.email"));
    let text = error.to_string();
    assert!(text.contains("the item has it under its older name `mail` too"), "{text}");
    assert!(!text.contains("example.com"), "{text}");
    let get = Person::get(Person::key("p")).project::<Contact>();
    let error = get.send(&client).await.unwrap_err();
    assert_eq!(error.path(), Some("Item.email"));
    assert!(error.to_string().contains("older name `mail`"), "{error}");
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people")]
struct Grouped {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(flatten)]
    contact: Group,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Group {
    #[dynamo(alias = "mail")]
    email: String,
}

#[tokio::test]
async fn a_group_has_older_names_which_are_not_unknown() {
    let client = written(old("p")).await;
    let read = Grouped::get(Grouped::key("p")).send(&client).await.unwrap().unwrap();
    assert_eq!(read.contact.email, "a@example.com");
    assert!(read.rest.names().eq(["labels", "visits"]));
    Grouped::replace(read).send(&client).await.unwrap();
    let left = stored(&client, "p").await;
    assert_eq!((left.mail, left.email.as_deref()), (None, Some("a@example.com")));
    assert_eq!(left.labels, ["x"]);
}

#[tokio::test]
async fn a_document_has_older_names_too() {
    let client = client().await;
    let address = OldAddress { town: "Bern".to_owned() };
    let housed = Housed { id: "p".to_owned(), address };
    Housed::put_unconditionally(housed).send(&client).await.unwrap();
    let read = Rehoused::get(Rehoused::key("p")).send(&client).await.unwrap().unwrap();
    assert_eq!(read.address, Address { city: "Bern".to_owned() });

    let update = Rehoused::update(Rehoused::key("p")).if_exists();
    let update = update.set(Rehoused::ADDRESS.then(Address::CITY), "Basel").returning_new();
    let updated = update.send(&client).await.unwrap();
    assert_eq!(updated.address, Address { city: "Basel".to_owned() });
    let error = Housed::get(Housed::key("p")).send(&client).await.unwrap_err();
    assert_eq!(error.path(), Some("Item.address.town"));
}

#[tokio::test]
async fn nothing_is_written_into_a_document_that_is_under_an_older_name() {
    #[derive(Document, Clone, Debug, PartialEq)]
    struct Place {
        city: Option<String>,
        streets: Vec<String>,
    }
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "people")]
    struct Before {
        #[dynamo(partition_key)]
        id: String,
        home: Place,
    }
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "people")]
    struct Now {
        #[dynamo(partition_key)]
        id: String,
        #[dynamo(alias = "home")]
        address: Place,
    }
    let client = client().await;
    let place = Place { city: Some("Bern".to_owned()), streets: vec!["Gasse".to_owned()] };
    let before = Before { id: "p".to_owned(), home: place.clone() };
    Before::create(before.clone()).send(&client).await.unwrap();
    let update = || Now::update(Now::key("p")).if_exists();
    for update in [
        update().set(Now::ADDRESS.then(Place::CITY), "Basel"),
        update().remove(Now::ADDRESS.then(Place::CITY)),
        update().append(Now::ADDRESS.then(Place::STREETS), ["Weg"]),
    ] {
        // Not what DynamoDB says where there is no document, but what the item is.
        let error = update.send(&client).await.unwrap_err();
        assert!(error.is_condition_failed(), "{error}");
        assert_eq!(error.current().map(|now| &now.address), Some(&place));
    }
    assert_eq!(Before::get(Before::key("p")).send(&client).await.unwrap(), Some(before));
}

#[tokio::test]
async fn a_set_under_an_older_name_is_neither_added_to_nor_taken_from() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "people")]
    struct Before {
        #[dynamo(partition_key)]
        id: String,
        groups: BTreeSet<String>,
    }
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "people")]
    struct Now {
        #[dynamo(partition_key)]
        id: String,
        #[dynamo(alias = "groups")]
        roles: BTreeSet<String>,
    }
    let client = client().await;
    let groups = BTreeSet::from(["reader".to_owned()]);
    Before::create(Before { id: "p".to_owned(), groups: groups.clone() })
        .send(&client)
        .await
        .unwrap();
    let update = || Now::update(Now::key("p")).if_exists();
    for update in
        [update().insert(Now::ROLES, ["writer"]), update().discard(Now::ROLES, ["reader"])]
    {
        let error = update.send(&client).await.unwrap_err();
        assert!(error.is_condition_failed(), "{error}");
        assert_eq!(error.current().map(|now| &now.roles), Some(&groups));
    }
}
