//! Items of the SDK, as values.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue as Sdk;
use dynamo_runtime::prelude::*;
use dynamo_runtime::sdk::{FromSdkItem as _, SdkItem, ToSdkItem as _};
use dynamo_runtime::{AnyValue, UnknownAttributes};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = epoch_millis)]
    at: Timestamp,
    #[dynamo(default)]
    tags: BTreeSet<String>,
    #[dynamo(default)]
    more: BTreeMap<String, AnyValue>,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

fn text(text: &str) -> Sdk {
    Sdk::S(text.to_owned())
}

fn item(others: impl IntoIterator<Item = (&'static str, Sdk)>) -> SdkItem {
    let required = [("id", text("u\"1")), ("at", Sdk::N("1796042096789".to_owned()))];
    let all = required.into_iter().chain(others);
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

#[test]
fn an_item_of_the_sdk_is_read_and_written_as_the_same_item() {
    let everything = HashMap::from([
        ("s".to_owned(), text("\u{0} \\")),
        ("n".to_owned(), Sdk::N("1.50".to_owned())),
        ("b".to_owned(), Sdk::B(Blob::new([0, 255]))),
        ("bool".to_owned(), Sdk::Bool(true)),
        ("null".to_owned(), Sdk::Null(true)),
        ("l".to_owned(), Sdk::L(vec![text(""), Sdk::L(Vec::new())])),
        ("m".to_owned(), Sdk::M(HashMap::from([("k".to_owned(), text("x"))]))),
        ("ns".to_owned(), Sdk::Ns(vec!["1".to_owned(), "2.5".to_owned()])),
        ("bs".to_owned(), Sdk::Bs(vec![Blob::new([1]), Blob::new([2])])),
    ]);
    let tags = Sdk::Ss(vec!["a".to_owned(), "b".to_owned()]);
    let item = item([("tags", tags), ("more", Sdk::M(everything)), ("other", text("kept"))]);
    let user = User::from_item(&item).unwrap();
    assert_eq!((user.id.as_str(), user.tags.len(), user.more.len()), ("u\"1", 2, 9));
    assert_eq!(user.at.epoch_micros(), 1_796_042_096_789_000);
    assert_eq!(user.to_item().unwrap(), item);
}

#[test]
fn an_item_of_the_sdk_is_read_as_strictly_as_any_other() {
    let deep = (0..100).fold(text("x"), |value, _| Sdk::L(vec![value]));
    for (name, value, path) in [
        ("at", Sdk::N("\"}".to_owned()), Some("at")),
        ("at", text("2026"), Some("at")),
        ("tags", Sdk::Ss(vec!["a".to_owned(), "a".to_owned()]), Some("tags[1]")),
        ("tags", Sdk::Ns(vec!["1".to_owned()]), Some("tags")),
        ("tags", Sdk::Null(false), Some("tags")),
        ("more", Sdk::M(HashMap::from([("k".to_owned(), Sdk::Null(false))])), Some("more.k")),
        ("more", Sdk::M(HashMap::from([("k".to_owned(), deep)])), None),
    ] {
        let error = User::from_item(&item([(name, value)])).unwrap_err();
        assert_eq!(error.path(), path, "{error}");
    }
    assert!(User::from_item(&HashMap::new()).unwrap_err().is_missing());
    let fine = Timestamp::from_epoch_micros(1).unwrap();
    let user = User { at: fine, ..User::from_item(&item([])).unwrap() };
    assert_eq!(user.to_item().unwrap_err().path(), Some("at"));
}
