//! Attributes that the struct does not know: erased by whole writes, kept, or refused.

use dynamo_runtime::UnknownAttributes;
use dynamo_runtime::prelude::*;

use super::{old, stored, written};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people")]
struct Forgetful {
    #[dynamo(partition_key)]
    id: String,
    mail: Option<String>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people")]
struct Careful {
    #[dynamo(partition_key)]
    id: String,
    mail: Option<String>,
    #[dynamo(version, default)]
    version: Version,
    #[dynamo(updated_at, default = before)]
    updated_at: Timestamp,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

fn before() -> Timestamp {
    Timestamp::EPOCH
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "people", deny_unknown)]
struct Strict {
    #[dynamo(partition_key)]
    id: String,
    mail: Option<String>,
    email: Option<String>,
    visits: Option<u32>,
}

/// Two shapes of one map: what one does not know, the other may.
#[derive(Document, Clone, Debug, PartialEq)]
struct Narrow {
    a: u32,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Wide {
    a: u32,
    #[dynamo(alias = "bee")]
    b: u32,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[tokio::test]
async fn a_whole_write_erases_what_the_struct_does_not_know() {
    let client = written(old("p")).await;
    let read = Forgetful::get(Forgetful::key("p")).send(&client).await.unwrap().unwrap();
    Forgetful::replace(read).send(&client).await.unwrap();
    let left = stored(&client, "p").await;
    assert_eq!((left.mail, left.visits), (Some("a@example.com".to_owned()), None));
}

#[tokio::test]
async fn what_is_unknown_is_kept_and_written_back() {
    let client = written(old("p")).await;
    let read = Careful::get(Careful::key("p")).send(&client).await.unwrap().unwrap();
    assert!(read.rest.names().eq(["labels", "visits"]));
    assert_eq!(read.rest.len(), 2);
    assert!(!format!("{read:?}").contains("labels"), "{read:?}");
    let changed = Careful { mail: Some("b@example.com".to_owned()), ..read };
    let replaced = Careful::replace(changed).send(&client).await.unwrap();
    let change = |careful: &mut Careful| {
        careful.mail = Some("c@example.com".to_owned());
        Ok(())
    };
    let modified = Careful::modify(Careful::key("p"), change).send(&client).await.unwrap();
    assert_eq!(modified.rest, replaced.rest);
    let left = stored(&client, "p").await;
    assert_eq!(left.mail.as_deref(), Some("c@example.com"));
    assert_eq!((left.labels, left.visits), (vec!["x".to_owned()], Some(3)));
}

#[tokio::test]
async fn a_lost_response_of_a_write_with_unknown_attributes_is_told() {
    let engine = crate::engine::embedded_engine().await;
    let client = crate::engine::embedded().engine(&engine).table::<super::Old>();
    let client = client.build().await.unwrap();
    super::Old::put_unconditionally(old("p")).send(&client).await.unwrap();
    let read = Careful::get(Careful::key("p")).send(&client).await.unwrap().unwrap();
    engine.faults().lose_response("PutItem");
    let written = Careful::replace(read.clone()).send(&client).await.unwrap();
    assert_eq!(written.rest, read.rest);
}

#[tokio::test]
async fn a_strict_struct_refuses_what_it_does_not_know() {
    let client = written(old("p")).await;
    let error = Strict::get(Strict::key("p")).send(&client).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.path(), Some("Item.labels"));
    assert!(error.to_string().contains("does not know the attribute"), "{error}");
    // So a write that would erase it is not reached; and an update is none.
    let update = Strict::update(Strict::key("p")).set(Strict::MAIL, "b@example.com");
    update.if_exists().send(&client).await.unwrap();
    assert_eq!(stored(&client, "p").await.labels, ["x"]);
}

#[test]
fn what_is_unknown_to_one_shape_and_known_to_another_is_written_once() {
    use dynamo_runtime::codec::{decode_item, encode_item};

    let json = br#"{"a":{"N":"1"},"b":{"N":"2"},"bee":{"N":"3"},"c":{"L":[{"S":"\u0041"}]}}"#;
    let narrow: Narrow = decode_item(json).unwrap();
    assert!(narrow.rest.names().eq(["b", "bee", "c"]));
    assert_eq!(encode_item(&narrow).unwrap(), json);
    let wide = Wide { a: narrow.a, b: 7, rest: narrow.rest };
    let expected = br#"{"a":{"N":"1"},"b":{"N":"7"},"c":{"L":[{"S":"\u0041"}]}}"#;
    assert_eq!(encode_item(&wide).unwrap(), expected);
    let strange = br#"{"a":{"N":"1"},"c":{"N":"1"},"c":{"N":"1"}}"#;
    assert!(decode_item::<Narrow>(strange).unwrap_err().is_duplicate());
    assert!(decode_item::<Narrow>(br#"{"a":{"N":"1"},"c":{"N":1 1}}"#).unwrap_err().is_malformed());
}

#[test]
fn unknown_attributes_are_equal_as_dynamodb_has_it() {
    use dynamo_runtime::codec::decode_item;

    let read = |json: &str| decode_item::<Narrow>(json.as_bytes()).unwrap().rest;
    let one = read(r#"{"a":{"N":"1"},"x":{"NS":["1","2"]},"y":{"S":"t"}}"#);
    assert_eq!(one, read(r#"{"y":{"S":"t"},"x":{"NS":["2.0","1"]},"a":{"N":"1"}}"#));
    assert_ne!(one, read(r#"{"a":{"N":"1"},"x":{"NS":["1","3"]},"y":{"S":"t"}}"#));
    assert_ne!(one, read(r#"{"a":{"N":"1"},"x":{"NS":["1","2"]}}"#));
    assert_ne!(one, read(r#"{"a":{"N":"1"},"x":{"NS":["1","2"]},"z":{"S":"t"}}"#));
}

/// Its keys are made of fields: they are no unknown attributes.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop", deny_unknown)]
#[dynamo(partition_key("pk") = "USER#{user_id}", sort_key("sk") = "PROFILE")]
struct StrictProfile {
    user_id: String,
    email: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "USER#{user_id}", sort_key("sk") = "PROFILE")]
struct Profile {
    user_id: String,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[tokio::test]
async fn keys_that_are_made_of_fields_are_known() {
    let client = crate::engine::client().table::<StrictProfile>().build().await;
    let strict = StrictProfile { user_id: "u1".to_owned(), email: "a@example.com".to_owned() };
    let created = StrictProfile::create(strict).send(&client).await.unwrap();
    let read = StrictProfile::get(created.to_key()).send(&client).await.unwrap();
    assert_eq!(read.as_ref(), Some(&created));
    let key = ProfileKey { user_id: "u1".to_owned() };
    let profile = Profile::get(key).send(&client).await.unwrap().unwrap();
    assert!(profile.rest.names().eq(["email"]));
    Profile::replace(profile).send(&client).await.unwrap();
    assert_eq!(StrictProfile::get(created.to_key()).send(&client).await.unwrap(), Some(created));
}
