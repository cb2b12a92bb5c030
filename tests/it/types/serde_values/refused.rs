//! What serde cannot write or read: errors with the path, and never with the value.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Blobs, Level, Loose, Payment, Shape, read, value, write};

#[test]
fn what_dynamodb_cannot_hold_is_an_error_with_its_path() {
    fn check<T: Serialize>(given: T, path: &str, words: &str) {
        let error = write(given).unwrap_err();
        assert_eq!(error.path(), Some(path), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    #[derive(Serialize)]
    struct Flat {
        name: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    struct Refusing;
    impl Serialize for Refusing {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("secret"))
        }
    }
    #[derive(Serialize)]
    enum Held {
        Inner(u8, f64),
        Named { level: f64 },
        Value(f64),
    }
    check(f64::NAN, "value", "NaN");
    check(vec![1.0, f64::INFINITY], "value[1]", "infinity");
    check(f32::NEG_INFINITY, "value", "infinity");
    check(1e-300, "value", "range");
    check(BTreeMap::from([("secret", 1e200)]), "value.?", "range");
    check(u128::MAX, "value", "38");
    check(Held::Inner(1, f64::NAN), "value.Inner[1]", "NaN");
    check(Held::Named { level: f64::NAN }, "value.Named.level", "NaN");
    check(Held::Value(f64::NAN), "value.Value", "NaN");
    check(Refusing, "value", "refused");
    check((0, Refusing), "value[1]", "refused");
    check(BTreeMap::from([("", 1)]), "value.?", "empty");
    check(BTreeMap::from([("x".repeat(65_536), 1)]), "value.?", "65535");
    check(BTreeMap::from([((1, 2), 1)]), "value", "key of a map");
    check(BTreeMap::from([(Some("secret"), 1)]), "value", "key of a map");
    let rest = BTreeMap::from([("name".to_owned(), 1)]);
    check(Flat { name: 1, rest }, "value", "twice");
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Node(Vec<Node>);

/// A type that is around itself without end.
#[derive(Deserialize, Debug)]
struct Endless(#[allow(dead_code)] Option<Box<Endless>>);

#[test]
fn a_value_that_is_nested_too_deeply_is_an_error() {
    let nested = |depth| (1..depth).fold(Node(vec![]), |node, _| Node(vec![node]));
    let written = write(nested(31)).unwrap();
    assert_eq!(read::<Node>(&written).unwrap(), nested(31));
    let error = write(nested(32)).unwrap_err();
    assert!(error.is_too_deep() && error.path().unwrap().starts_with("value[0][0]"), "{error}");
    let deep = format!("{}{}", r#"{"L":["#.repeat(1000), "]}".repeat(1000));
    for error in [value::<Node>(&deep).unwrap_err(), value::<Loose>(&deep).unwrap_err()] {
        assert!(error.to_string().contains("too deeply"), "{error}");
    }
    assert!(value::<Endless>(r#"{"S":"x"}"#).is_err());
}

#[test]
fn what_does_not_fit_is_an_error_with_its_path_and_without_the_value() {
    fn check<T: DeserializeOwned + Debug>(json: &str, path: &str, words: &str) {
        let error = value::<T>(json).unwrap_err();
        assert_eq!(error.path(), Some(path), "{json}: {error}");
        assert!(error.to_string().contains(words), "{json}: {error}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    }
    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Strict {
        name: String,
        level: Option<Level>,
        ip: Option<std::net::IpAddr>,
        count: Option<std::num::NonZeroU8>,
    }
    check::<String>(r#"{"N":"1"}"#, "value", "expected a string (S), found a number (N)");
    check::<u8>(r#"{"S":"secret"}"#, "value", "expected a number (N), found a string (S)");
    check::<u8>(r#"{"N":"256"}"#, "value", "u8");
    check::<i64>(r#"{"N":"1.5"}"#, "value", "fraction");
    check::<f64>(r#"{"N":"1E999"}"#, "value", "f64");
    check::<f64>(r#"{"N":"secret"}"#, "value", "no number");
    check::<Loose>(r#"{"N":"secret"}"#, "value", "no number");
    check::<bool>(r#"{"NULL":true}"#, "value", "null");
    check::<char>(r#"{"S":"secret"}"#, "value", "character");
    check::<()>(r#"{"S":"secret"}"#, "value", "null");
    check::<Blobs>(r#"{"B":"secret"}"#, "value", "Base64");
    check::<Vec<u8>>(r#"{"B":"AA=="}"#, "value", "list");
    check::<Vec<u8>>(r#"{"L":[{"N":"1"},{"S":"secret"}]}"#, "value[1]", "number");
    check::<Vec<u8>>(r#"{"NS":["1","secret"]}"#, "value[1]", "no number");
    check::<[u8; 2]>(r#"{"L":[{"N":"1"}]}"#, "value", "length");
    check::<[u8; 2]>(r#"{"L":[{"N":"1"},{"N":"1"},{"N":"1"}]}"#, "value", "left a part");
    check::<Strict>(r#"{"M":{}}"#, "value.name", "missing");
    check::<Strict>(r#"{"L":[]}"#, "value", "length");
    check::<Strict>(r#"{"M":{"name":{"BOOL":true}}}"#, "value.name", "string");
    check::<Strict>(r#"{"M":{"x":{"N":"1"}}}"#, "value.x", "`name`, `level`, `ip`, `count`");
    check::<Strict>(r#"{"M":{"level":{"S":"secret"}}}"#, "value.level", "`Low`, `High`");
    check::<Strict>(r#"{"M":{"level":{"M":{"other":{"N":"1"}}}}}"#, "value.level.other", "`Low`");
    check::<Strict>(r#"{"M":{"level":{"N":"7"}}}"#, "value.level", "map");
    check::<Strict>(r#"{"M":{"ip":{"S":"secret"}}}"#, "value.ip", "refused");
    check::<Strict>(r#"{"M":{"count":{"N":"0"}}}"#, "value.count", "nonzero u8");
    check::<Strict>(r#"{"M":{"name":{"S":"a"},"name":{"S":"b"}}}"#, "value.name", "twice");
    check::<Loose>(r#"{"M":{"a":{"N":"1"},"a":{"N":"2"}}}"#, "value.a", "twice");
    check::<BTreeMap<u8, u8>>(r#"{"M":{"other":{"N":"1"}}}"#, "value.other", "key of the map");
    check::<BTreeMap<u8, u8>>(r#"{"M":{"1":{"N":"1"},"1":{"N":"1"}}}"#, "value.1", "twice");
    check::<Payment>(r#"{"S":"Voucher"}"#, "value", "variant with a value");
    check::<Payment>(r#"{"S":"Cash"}"#, "value", "variant with a list");
    check::<Payment>(r#"{"S":"Card"}"#, "value", "variant with a map");
    check::<Payment>(r#"{"M":{}}"#, "value", "one entry");
    check::<Payment>(r#"{"M":{"Free":{"N":"1"}}}"#, "value.Free", "null");
    check::<Payment>(r#"{"M":{"Voucher":{"S":"x"},"Free":{"NULL":true}}}"#, "value", "one entry");
    check::<Payment>(r#"{"M":{"Cash":{"L":[{"N":"1"}]}}}"#, "value.Cash", "length");
    check::<Payment>(r#"{"M":{"Card":{"M":{}}}}"#, "value.Card.number", "missing");
    check::<Loose>(r#"{"NULL":true}"#, "value", "refused");
    check::<Loose>(r#"{"NULL":false}"#, "value", "`true`");
    check::<Loose>(r#"{"X":"secret"}"#, "value", "no data type");
    check::<Loose>(r#"{"S":"x","S":"x"}"#, "value", "`}`");
    check::<Loose>(r#"{"L":[{"N":"1"}{"N":"1"}]}"#, "value[0]", "`,`");
    check::<Loose>(r#"{"SS":["a",1]}"#, "value[1]", "a string");
    check::<Loose>(r#""secret""#, "value", "no data type");
    check::<Shape>(r#"{"M":{"kind":{"S":"secret"}}}"#, "value.kind", "`circle`, `square`");
    check::<Shape>(r#"{"M":{"kind":{"S":"square"},"side":{"S":"secret"}}}"#, "value", "i64");
}

/// A `Deserialize` that does as it likes.
mod rude {
    use std::fmt;

    use serde::Deserializer;
    use serde::de::{Deserialize, EnumAccess, MapAccess, SeqAccess, Visitor};

    macro_rules! rude {
        ($($name:ident: $ask:ident, $method:ident($access:ident) => $body:expr;)*) => {$(
            #[derive(Debug)]
            pub struct $name;

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct Rude;
                    impl<'de> Visitor<'de> for Rude {
                        type Value = $name;
                        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                            f.write_str("anything")
                        }
                        fn $method<A: $access<'de>>(self, access: A) -> Result<$name, A::Error> {
                            let read: fn(A) -> Result<(), A::Error> = $body;
                            read(access).map(|()| $name)
                        }
                    }
                    deserializer.$ask(Rude)
                }
            }
        )*};
    }

    rude! {
        NoElements: deserialize_seq, visit_seq(SeqAccess) => |_| Ok(());
        TooManyElements: deserialize_seq, visit_seq(SeqAccess) => |mut seq| {
            while seq.next_element::<u8>()?.is_some() {}
            assert!(seq.next_element::<u8>()?.is_none());
            Ok(())
        };
        NoEntries: deserialize_map, visit_map(MapAccess) => |_| Ok(());
        TooManyEntries: deserialize_map, visit_map(MapAccess) => |mut map| {
            while map.next_entry::<String, u8>()?.is_some() {}
            assert!(map.next_key::<String>()?.is_none());
            Ok(())
        };
        OnlyKeys: deserialize_map, visit_map(MapAccess) => |mut map| {
            while map.next_key::<String>()?.is_some() {}
            Ok(())
        };
        OnlyValues: deserialize_map, visit_map(MapAccess) => |mut map| {
            map.next_value::<u8>()?;
            Ok(())
        };
        NoContent: deserialize_any, visit_map(MapAccess) => |mut map| {
            map.next_key::<String>()?;
            Ok(())
        };
    }

    #[derive(Debug)]
    pub struct NoVariant;

    impl<'de> Deserialize<'de> for NoVariant {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Rude;
            impl<'de> Visitor<'de> for Rude {
                type Value = NoVariant;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("anything")
                }
                fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<NoVariant, A::Error> {
                    Ok(NoVariant)
                }
            }
            deserializer.deserialize_enum("", &[], Rude)
        }
    }
}

#[test]
fn a_type_that_leaves_a_part_unread_is_refused_and_does_no_harm() {
    let list = r#"{"L":[{"N":"1"},{"N":"2"}]}"#;
    let map = r#"{"M":{"a":{"N":"1"},"b":{"N":"2"}}}"#;
    assert!(value::<rude::NoElements>(list).is_err());
    assert!(value::<rude::NoElements>(r#"{"L":[]}"#).is_ok());
    assert!(value::<rude::TooManyElements>(list).is_ok());
    assert!(value::<rude::NoEntries>(map).is_err());
    assert!(value::<rude::TooManyEntries>(map).is_ok());
    assert!(value::<rude::OnlyKeys>(map).is_err());
    assert!(value::<rude::OnlyValues>(map).is_err());
    assert!(value::<rude::NoContent>(map).is_err());
    assert!(value::<rude::NoVariant>(map).is_err());
}
