//! Where a value is that a type of serde's cannot be read from or written to, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroU8;

use ::serde::de::{
    Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use ::serde::ser::{Serialize, Serializer};

use super::*;

/// Reads the attribute `a` of an item.
fn attribute<T: DeserializeOwned>(json: &str) -> Result<T, DecodeError> {
    reader::read(json.as_bytes(), |reader| {
        let mut item = reader.item()?;
        let mut field = Field::<Serde, T>::new();
        while let Some(name) = item.next_name()? {
            match name.as_bytes() {
                b"a" => item.field(&mut field)?,
                _ => item.skip(name)?,
            }
        }
        item.take(field, "a")
    })
}

fn refused<T: DeserializeOwned + fmt::Debug>(value: &str) -> DecodeError {
    attribute::<T>(&format!(r#"{{"a":{value}}}"#)).unwrap_err()
}

/// Reads the first element or entry, and leaves the others.
#[derive(Debug)]
struct First;

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(First)
    }
}

impl<'de> Visitor<'de> for First {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list or a map")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self, A::Error> {
        elements.next_element::<u8>().map(|_| self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
        entries.next_entry::<String, u8>().map(|_| self)
    }
}

#[test]
fn an_error_has_the_place_where_its_value_starts() {
    #[track_caller]
    fn check<T: DeserializeOwned + fmt::Debug>(value: &str, at: &str) {
        for (before, after) in [("{\"a\":", "}"), ("{ \"b\" : {} ,\n\"a\" : ", " }")] {
            let json = format!("{before}{value}{after}");
            let error = attribute::<T>(&json).unwrap_err();
            assert_eq!(error.offset(), before.len() + value.rfind(at).unwrap(), "{json}: {error}");
        }
    }
    check::<u8>(r#"{ "N" : "x"}"#, "{");
    check::<u8>(r#"{ "S" : "x"}"#, "{");
    check::<NonZeroU8>(r#"{ "N" : "0"}"#, "{");
    check::<Option<NonZeroU8>>(r#"{"N": "0"}"#, "{");
    check::<char>(r#"{"S": "xy"}"#, "{");
    check::<()>(r#"{ "BOOL": true}"#, "{");
    check::<Vec<NonZeroU8>>(r#"{ "L" : [ {"N":"1"} , {"N":"0"} ] }"#, "{");
    check::<Vec<NonZeroU8>>(r#"{"L":[{"N":"1"} , { "S":"0"} ] }"#, "{");
    check::<(u8, u8)>(r#"{ "L" : [ {"N":"1"} ] }"#, "{ \"L");
    check::<(u8, (u8, u8))>(r#"{ "L" : [ {"N":"1"} , {"L":[{"N":"1"}]} ] }"#, "{\"L");
    check::<BTreeMap<String, NonZeroU8>>(r#"{"M":{ "k" : {"N":"1"} , "l" : {"N":"0"} }}"#, "{");
    check::<BTreeMap<u8, u8>>(r#"{"M":{ "1" : {"N":"1"} , "l" : {"N":"0"} }}"#, "\"l");
    check::<BTreeMap<String, u8>>(r#"{"M":{ "k" : {"N":"1"} , "k" : {"N":"0"} }}"#, "\"k");
    check::<BTreeSet<NonZeroU8>>(r#"{ "NS" : [ "1" , "0" ] }"#, "\"0");
    check::<BTreeSet<NonZeroU8>>(r#"{ "NS" : [ "1" , 1 ] }"#, "1");
    check::<Result<u8, NonZeroU8>>(r#"{"M":{ "Err" : {"N":"0"} }}"#, "{\"N");
    check::<Result<u8, NonZeroU8>>(r#"{"M":{ "Neither" : {"N":"0"} }}"#, "\"Neither");
}

#[test]
fn another_data_type_is_an_error_of_its_own() {
    for error in [
        refused::<()>(r#"{"S":"x"}"#),
        refused::<bool>(r#"{"S":"true"}"#),
        refused::<u8>(r#"{"S":"1"}"#),
        refused::<f64>(r#"{"S":"1"}"#),
        refused::<String>(r#"{"N":"1"}"#),
        refused::<Vec<u8>>(r#"{"M":{}}"#),
        refused::<(u8, u8)>(r#"{"S":"x"}"#),
        refused::<BTreeMap<String, u8>>(r#"{"L":[]}"#),
        refused::<BTreeMap<String, u8>>(r#"{"NULL":true}"#),
        refused::<Result<u8, u8>>(r#"{"L":[]}"#),
        refused::<First>(r#"{"S":"x"}"#),
    ] {
        assert!(error.is_wrong_type(), "{error}");
    }
}

#[test]
fn a_comma_stands_between_two_values() {
    for value in [
        r#"{"L":[,{"N":"1"}]}"#,
        r#"{"L":[{"N":"1"},]}"#,
        r#"{"L":[{"N":"1"}{"N":"1"}]}"#,
        r#"{"L":[{"N":"1"},,{"N":"1"}]}"#,
        r#"{"NS":[,"1"]}"#,
    ] {
        let error = refused::<Vec<u8>>(value);
        assert!(error.is_malformed() || error.is_wrong_type(), "{value}: {error}");
    }
    for value in [r#"{"M":{,"k":{"N":"1"}}}"#, r#"{"M":{"k":{"N":"1"},}}"#] {
        let error = refused::<BTreeMap<String, u8>>(value);
        assert!(error.is_malformed(), "{value}: {error}");
    }
}

#[test]
fn what_a_type_leaves_is_an_error() {
    for value in [
        r#"{"L":[{"N":"1"},{"N":"2"}]}"#,
        r#"{"NS":["1","2"]}"#,
        r#"{"M":{"k":{"N":"1"},"l":{"N":"2"}}}"#,
    ] {
        let error = refused::<First>(value).to_string();
        assert!(error.ends_with("the type's `Deserialize` left a part of the value"), "{error}");
    }
    for value in [r#"{"L":[]}"#, r#"{"NS":["1"]}"#, r#"{"M":{"k":{"N":"1"}}}"#] {
        assert!(attribute::<First>(&format!(r#"{{"a":{value}}}"#)).is_ok(), "{value}");
    }
}

/// Takes no value.
#[derive(Debug)]
struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Nothing)
    }
}

impl Visitor<'_> for Nothing {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("nothing")
    }
}

#[test]
fn what_was_found_is_told_by_its_data_type() {
    for (value, found) in [
        (r#"{"S":"x"}"#, "a string"),
        (r#"{"N":"1"}"#, "a whole number"),
        (r#"{"N":"-1"}"#, "a whole number"),
        (r#"{"N":"18446744073709551615"}"#, "a whole number"),
        (r#"{"N":"1.5"}"#, "a number"),
        (r#"{"B":"AQ=="}"#, "binary"),
        (r#"{"BOOL":true}"#, "a boolean"),
        (r#"{"NULL":true}"#, "null"),
        (r#"{"L":[]}"#, "a list"),
        (r#"{"NS":["1"]}"#, "a list"),
        (r#"{"M":{}}"#, "a map"),
    ] {
        let error = refused::<Nothing>(value).to_string();
        assert!(error.ends_with(&format!("expected nothing, found {found}")), "{value}: {error}");
    }
}

#[test]
fn what_a_type_ignores_is_passed_over() {
    for (value, count) in [
        (r#"{"L":[]}"#, 0),
        (r#"{"L":[ {"S":"x"} , {"M":{"a":{"L":[{"N":"1"}]}}} ]}"#, 2),
        (r#"{"SS":["a","b","c"]}"#, 3),
    ] {
        let json = format!(r#"{{"a":{value}}}"#);
        assert_eq!(attribute::<Vec<IgnoredAny>>(&json).map(|list| list.len()), Ok(count), "{json}");
    }
    for value in [r#"{"L":[{"S":}]}"#, r#"{"L":[{"S":"x"} {"S":"y"}]}"#, r#"{"SS":["a","b]}"#] {
        assert!(refused::<Vec<IgnoredAny>>(value).is_malformed(), "{value}");
    }
}

fn written<T: Serialize>(value: &T) -> Result<String, EncodeError> {
    let mut writer = Writer::default();
    Serde::encode(value, &mut writer);
    writer.finish().map(|json| String::from_utf8(json).unwrap())
}

#[test]
fn the_key_of_a_map_may_be_a_newtype_and_no_option() {
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct Key(u8);

    impl Serialize for Key {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_newtype_struct("Key", &self.0)
        }
    }

    let map = written(&BTreeMap::from([(Key(7), true)]));
    assert_eq!(map.as_deref(), Ok(r#"{"M":{"7":{"BOOL":true}}}"#));
    let error = written(&BTreeMap::from([(Some("k"), 1_u8)])).unwrap_err().to_string();
    assert!(error.contains("the key of a map is no text"), "{error}");
}

#[test]
fn the_first_error_of_a_value_is_the_one_that_is_told() {
    let list = vec![1.0, f64::NAN, 1e200, 2.0];
    assert_eq!(written(&list).unwrap_err().path(), Some("[1]"));
    let map = BTreeMap::from([("k", vec![1.0]), ("l", vec![1.0, f64::NAN]), ("m", vec![1e200])]);
    assert_eq!(written(&map).unwrap_err().path(), Some("?[1]"));
    assert_eq!(written(&Err::<u8, _>(f64::NAN)).unwrap_err().path(), Some("Err"));
}
