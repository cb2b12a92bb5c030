//! `#[dynamo(serde)]` on the fields of entities and documents.

use std::collections::BTreeMap;

use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
enum Theme {
    Plain,
    Custom { accent: String, scale: f32 },
}

#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    page_size: u16,
    columns: Vec<String>,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Device {
    name: String,
    #[dynamo(serde)]
    last_answer: std::time::Duration,
}

fn one_page() -> Settings {
    Settings { page_size: 1, columns: Vec::new() }
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "profiles")]
#[dynamo(allow(unconditional_upsert))]
struct Profile {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde, default = Profile::plain, rename = "look")]
    theme: Theme,
    #[dynamo(serde, default)]
    settings: Settings,
    #[dynamo(serde)]
    #[dynamo(default = one_page)]
    other_settings: Settings,
    #[dynamo(serde)]
    fallback: Option<Theme>,
    devices: Vec<Device>,
    #[dynamo(version)]
    version: Version,
}

impl Profile {
    fn plain() -> Theme {
        Theme::Plain
    }
}

fn custom() -> Theme {
    Theme::Custom { accent: "red".to_owned(), scale: 1.5 }
}

fn profile() -> Profile {
    Profile {
        id: "p".to_owned(),
        theme: custom(),
        settings: Settings { page_size: 20, columns: vec!["name".to_owned()] },
        other_settings: one_page(),
        fallback: None,
        devices: vec![Device {
            name: "phone".to_owned(),
            last_answer: std::time::Duration::new(3, 7),
        }],
        version: Version::new(0),
    }
}

#[test]
fn the_form_is_that_of_serde() {
    let expected = serde_json::json!({
        "id": {"S": "p"},
        "look": {"M": {"Custom": {"M": {"accent": {"S": "red"}, "scale": {"N": "1.5"}}}}},
        "settings": {"M": {"pageSize": {"N": "20"}, "columns": {"L": [{"S": "name"}]}}},
        "other_settings": {"M": {"pageSize": {"N": "1"}, "columns": {"L": []}}},
        "devices": {"L": [{"M": {
            "name": {"S": "phone"},
            "last_answer": {"M": {"secs": {"N": "3"}, "nanos": {"N": "7"}}},
        }}]},
        "version": {"N": "0"},
    });
    let written = encode_item(&profile()).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&written).unwrap(), expected);
    assert_eq!(decode_item::<Profile>(&written).unwrap(), profile());
}

#[test]
fn what_is_absent_reads_as_its_default() {
    let written = br#"{"id":{"S":"p"},"devices":{"L":[]},"version":{"N":"0"}}"#;
    let read = decode_item::<Profile>(written).unwrap();
    let expected = Profile {
        theme: Theme::Plain,
        settings: Settings::default(),
        devices: Vec::new(),
        ..profile()
    };
    assert_eq!(read, expected);
}

#[test]
fn an_error_has_its_path() {
    let written = br#"{"id":{"S":"p"},"settings":{"M":{"pageSize":{"N":"1"},"rows":{"S":"x"}}}}"#;
    let error = decode_item::<Profile>(written).unwrap_err();
    assert_eq!(error.to_string(), "`settings.rows`: expected one of `pageSize`, `columns`");
    let theme = Theme::Custom { accent: String::new(), scale: f32::NAN };
    let error = encode_item(&Profile { theme, ..profile() }).unwrap_err();
    assert_eq!(error.path(), Some("look.Custom.scale"));
}

async fn stored() -> (SecureClient, Profile) {
    let client = crate::engine::client().table::<Profile>().build().await;
    let profile = Profile::create(profile()).send(&client).await.unwrap();
    (client, profile)
}

#[tokio::test]
async fn the_engine_gives_it_back() {
    let (client, profile) = stored().await;
    let read = Profile::get(Profile::key("p")).send(&client).await.unwrap();
    assert_eq!(read, Some(profile));
}

#[tokio::test]
async fn it_is_compared_by_what_it_is_and_whether_it_is_there() {
    let (client, _) = stored().await;
    let check = async |condition| {
        let update = Profile::update(Profile::key("p")).set(Profile::FALLBACK, None);
        update.condition(condition).send(&client).await.is_ok()
    };
    assert!(check(Profile::THEME.eq(custom())).await);
    let theme = custom();
    assert!(check(Profile::THEME.eq(&theme)).await);
    assert!(!check(Profile::THEME.eq(Theme::Plain)).await);
    assert!(check(Profile::THEME.ne(Theme::Plain)).await);
    assert!(!check(Profile::THEME.ne(custom())).await);
    assert!(check(Profile::THEME.is_in([Theme::Plain, custom()])).await);
    assert!(!check(Profile::THEME.is_in([Theme::Plain])).await);
    assert!(check(Profile::THEME.exists()).await);
    assert!(check(Profile::FALLBACK.not_exists()).await);
    assert!(!check(Profile::FALLBACK.eq(custom())).await);
}

#[tokio::test]
async fn a_none_is_no_operand_and_removes_the_attribute() {
    let (client, _) = stored().await;
    let set = |fallback: Option<Theme>| {
        let update = Profile::update(Profile::key("p")).set(Profile::FALLBACK, fallback);
        update.if_exists().returning_new().send(&client)
    };
    assert_eq!(set(Some(custom())).await.unwrap().fallback, Some(custom()));
    assert_eq!(set(None).await.unwrap().fallback, None);
    let condition = Profile::FALLBACK.ne(None);
    let update = Profile::update(Profile::key("p")).remove(Profile::FALLBACK).condition(condition);
    let error = update.send(&client).await.unwrap_err();
    assert!(error.to_string().contains("absent attribute"), "{error}");
    let remove =
        Profile::update(Profile::key("p")).remove(Profile::FALLBACK).remove(Profile::THEME);
    let removed = remove.if_exists().returning_new().send(&client).await.unwrap();
    assert_eq!(removed.theme, Theme::Plain);
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Labelled<T: Serialize + for<'de> Deserialize<'de>, K: Ord> {
    label: String,
    #[dynamo(serde)]
    values: Vec<T>,
    #[dynamo(skip)]
    known: BTreeMap<K, u8>,
}

#[test]
fn a_parameter_of_a_document_can_have_only_serde() {
    let labelled = Labelled::<Theme, u8> {
        label: "x".to_owned(),
        values: vec![Theme::Plain],
        known: BTreeMap::new(),
    };
    let json = super::encode(&labelled);
    assert_eq!(json, r#"{"M":{"label":{"S":"x"},"values":{"L":[{"S":"Plain"}]}}}"#);
    assert_eq!(super::decode::<Labelled<Theme, u8>>(&json), Ok(labelled));
}

/// Lists in a list.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
enum Nest {
    #[serde(untagged)]
    Leaf(u8),
    #[serde(untagged)]
    Around(Vec<Nest>),
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "nests")]
struct Nested {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde)]
    nest: Nest,
}

#[tokio::test]
async fn what_is_nested_as_deep_as_an_item_may_be_is_stored_and_what_is_deeper_is_not_sent() {
    let client = crate::engine::client().table::<Nested>().build().await;
    let nested = |depth: u8| {
        let nest = (0..depth).fold(Nest::Leaf(1), |nest, _| Nest::Around(vec![nest]));
        Nested { id: depth.to_string(), nest }
    };
    let stored = Nested::create(nested(31)).send(&client).await.unwrap();
    assert_eq!(Nested::get(Nested::key("31")).send(&client).await.unwrap(), Some(stored));
    let error = Nested::create(nested(32)).send(&client).await.unwrap_err();
    assert!(error.as_error().is_invalid() && error.to_string().contains("31 levels"), "{error}");
}
