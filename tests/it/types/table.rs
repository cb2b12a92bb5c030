//! The table of types in the documentation, against the implementations.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::marker::PhantomData;
use std::sync::Arc;

use dynamo_runtime::codec::kind::{SetKind, TextSet};
use dynamo_runtime::codec::{AttributeValue, SetElement, decode_item};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, KeyPart, Number, VersionBytes, VersionToken};

use super::every::TYPES;
use super::hostile::corpus;
use super::{Held, decode, encode};

const DOCUMENTED: &str = include_str!("../../../dynamo-runtime/src/codec/types.md");
const MANIFEST: &str = include_str!("../../../dynamo-runtime/Cargo.toml");

/// A type of which the compiler is asked what it can be: an inherent function that applies goes
/// before the trait's.
struct Asked<T>(PhantomData<T>);

impl<T: KeyPart> Asked<T> {
    fn key() -> &'static str {
        "yes"
    }
}

impl<T: SetElement> Asked<T> {
    fn element() -> &'static str {
        code::<T::Set>()
    }
}

impl<T: SetElement<Set = TextSet>> Asked<T> {
    fn name() -> &'static str {
        "yes"
    }
}

trait Otherwise {
    fn key() -> &'static str {
        ""
    }

    fn element() -> &'static str {
        ""
    }

    fn name() -> &'static str {
        ""
    }
}

impl<T> Otherwise for Asked<T> {}

/// DynamoDB's code for a data type.
fn code<K>() -> &'static str {
    match std::any::type_name::<K>().rsplit("::").next().unwrap() {
        "Text" => "S",
        "Number" => "N",
        "Binary" => "B",
        "Boolean" => "BOOL",
        "List" | "Vector" => "L",
        "Map" => "M",
        "TextSet" => "SS",
        "NumberSet" => "NS",
        "BinarySet" => "BS",
        "Untyped" => "any",
        other => panic!("{other}"),
    }
}

/// A row of the table, from the implementations of the type.
macro_rules! row {
    ($documented:literal: $type:ty = $value:expr) => {
        row!($documented: $type = $value, "")
    };
    ($documented:literal: $type:ty = $value:expr, $feature:literal) => {{
        let value: $type = $value;
        corpus(&value, &[]);
        row!(borrowed $documented: $type = value, $feature)
    }};
    (borrowed $documented:literal: $type:ty = $value:expr, $feature:literal) => {{
        let value: $type = $value;
        let json = encode(&value);
        let item = format!(r#"{{"value":{json}}}"#);
        assert_eq!(decode_item::<Held<$type>>(item.as_bytes()), Ok(Held(value)), "{json}");
        let kind = code::<<$type as AttributeValue>::Kind>();
        assert!(kind == "any" || json.starts_with(&format!("{{\"{kind}\":")), "{json}");
        [
            format!("`{}`", $documented),
            if $documented.contains("<T>") && !matches!(kind, "L") { "as `T`" } else { kind }
                .to_owned(),
            format!("`{json}`"),
            Asked::<$type>::key().to_owned(),
            Asked::<$type>::element().to_owned(),
            Asked::<$type>::name().to_owned(),
            if $feature.is_empty() { String::new() } else { format!("`{}`", $feature) },
        ]
    }};
}

fn implemented() -> Vec<[String; 7]> {
    let bytes = || vec![0, 255];
    let timestamp = || "2026-11-23T19:55:13.123456Z".parse::<Timestamp>().unwrap();
    let uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    vec![
        row!("String": String = "tea".into()),
        row!(borrowed "Cow<str>": Cow<'_, str> = "tea".into(), ""),
        row!("Box<str>": Box<str> = "tea".into()),
        row!("Arc<str>": Arc<str> = "tea".into()),
        row!("char": char = 'ü'),
        row!("bool": bool = true),
        row!("i8": i8 = i8::MIN),
        row!("i16": i16 = -7),
        row!("i32": i32 = -7),
        row!("i64": i64 = -7),
        row!("i128": i128 = 1 - 10_i128.pow(38)),
        row!("u8": u8 = u8::MAX),
        row!("u16": u16 = 7),
        row!("u32": u32 = 7),
        row!("u64": u64 = u64::MAX),
        row!("u128": u128 = 10_u128.pow(38) - 1),
        row!("f32": f32 = 0.1),
        row!("f64": f64 = -2.5),
        row!("Vec<u8>": Vec<u8> = bytes()),
        row!("[u8; N]": [u8; 2] = [0, 255]),
        row!("Cow<[u8]>": Cow<'_, [u8]> = bytes().into()),
        row!("Box<[u8]>": Box<[u8]> = bytes().into()),
        row!("Arc<[u8]>": Arc<[u8]> = bytes().into()),
        row!("Vec<T>": Vec<bool> = vec![true]),
        row!("Box<[T]>": Box<[bool]> = vec![true].into()),
        row!("Arc<[T]>": Arc<[bool]> = vec![true].into()),
        row!("[T; N]": [i32; 2] = [1, 2]),
        row!("(A, B)": (String, u8) = ("tea".into(), 2)),
        row!("BTreeMap<K, V>": BTreeMap<String, u8> = [("tea".to_owned(), 2)].into()),
        row!("HashMap<K, V>": HashMap<String, u8> = [("tea".to_owned(), 2)].into()),
        row!("BTreeSet<String>": BTreeSet<String> = ["tea".to_owned(), "cake".to_owned()].into()),
        row!("HashSet<String>": HashSet<String> = ["tea".to_owned()].into()),
        row!("BTreeSet<u32>": BTreeSet<u32> = [2, 1].into()),
        row!("BTreeSet<Vec<u8>>": BTreeSet<Vec<u8>> = [bytes()].into()),
        row!("Option<T>": Option<u8> = Some(7)),
        row!("Box<T>": Box<u8> = 7.into()),
        row!("Arc<T>": Arc<u8> = 7.into()),
        row!("Sensitive<T>": Sensitive<u8> = 7.into()),
        row!("Number": Number = "0.10".parse().unwrap()),
        row!("Timestamp": Timestamp = timestamp()),
        row!("Version": Version = 7.into()),
        row!("Embedding<N>": Embedding<2> = [0.6, -0.8].into()),
        row!("VersionToken": VersionToken = VersionToken::new("a1b2")),
        row!("VersionBytes": VersionBytes = VersionBytes::new(bytes())),
        row!(borrowed "AnyValue": AnyValue = bytes().into(), ""),
        row!("bytes::Bytes": bytes::Bytes = bytes().into(), "bytes-1"),
        row!("chrono::DateTime<Utc>": chrono::DateTime<chrono::Utc> =
            timestamp().try_into().unwrap(), "chrono-04"),
        row!("chrono::NaiveDate": chrono::NaiveDate =
            chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(), "chrono-04"),
        row!("jiff::Timestamp": jiff::Timestamp = timestamp().try_into().unwrap(), "jiff-1"),
        row!("jiff::civil::Date": jiff::civil::Date = jiff::civil::date(2026, 11, 23), "jiff-1"),
        row!("rust_decimal::Decimal": rust_decimal::Decimal =
            rust_decimal::Decimal::new(10, 2), "rust-decimal-1"),
        row!("time::OffsetDateTime": time::OffsetDateTime =
            timestamp().try_into().unwrap(), "time-03"),
        row!("time::Date": time::Date =
            time::Date::from_calendar_date(2026, time::Month::November, 23).unwrap(), "time-03"),
        row!("url::Url": url::Url = "https://example.com".parse().unwrap(), "url-2"),
        row!("uuid::Uuid": uuid::Uuid = uuid.parse().unwrap(), "uuid-1"),
    ]
}

#[test]
fn the_table_is_what_is_implemented() {
    let documented: Vec<Vec<&str>> = DOCUMENTED
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix("|").map(|_| line))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let implemented = implemented();
    for (documented, implemented) in documented.iter().zip(&implemented) {
        assert_eq!(documented, implemented);
    }
    assert_eq!(documented.len(), implemented.len());
}

#[test]
fn each_feature_of_the_table_exists_and_each_type_of_a_feature_is_in_the_table() {
    let in_manifest: BTreeSet<String> = MANIFEST
        .lines()
        .skip_while(|line| !line.starts_with("# Values of other crates"))
        .skip(1)
        .take_while(|line| !line.starts_with('#'))
        .map(|line| line.split_once(" = [").unwrap().0.to_owned())
        .collect();
    let in_table: BTreeSet<String> = implemented()
        .into_iter()
        .map(|[.., feature]| feature.trim_matches('`').to_owned())
        .filter(|feature| !feature.is_empty())
        .collect();
    assert_eq!(in_table, in_manifest);
}

/// Whether this is a type of the row, in which a single letter stands for any type or number.
fn is_of_row(row: &str, ty: &str) -> bool {
    let Some(place) = row.find(is_parameter(row)) else { return row == ty };
    let (before, after) = row.split_at(place);
    let Some(rest) = ty.strip_prefix(before) else { return false };
    let ends = rest.char_indices().map(|(end, character)| end + character.len_utf8());
    ends.into_iter().any(|end| is_of_row(&after[1..], &rest[end..]))
}

/// A capital letter that stands alone.
fn is_parameter(row: &str) -> impl Fn(char) -> bool {
    let words: BTreeSet<_> = row.split(|character: char| !character.is_alphanumeric()).collect();
    move |character| words.contains(character.to_string().as_str()) && character.is_uppercase()
}

/// The row of the table that says the most of the type.
fn row_of<'a>(rows: &[&'a str], ty: &str) -> Option<&'a str> {
    let said = |row: &&&str| row.chars().filter(|&character| !is_parameter(row)(character)).count();
    rows.iter().filter(|row| is_of_row(row, ty)).max_by_key(said).copied()
}

#[test]
fn every_row_is_in_the_entity_with_every_type() {
    let rows: Vec<String> =
        implemented().into_iter().map(|[row, ..]| row.trim_matches('`').replace(' ', "")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let types = TYPES.iter().map(|ty| ty.replace([' ', '\n'], "").replace("'static,", ""));
    let found: BTreeSet<_> = types.filter_map(|ty| row_of(&rows, &ty)).collect();
    // It borrows from the response, and an entity owns what it has.
    let owned = rows.into_iter().filter(|row| *row != "Cow<str>");
    assert_eq!(found, owned.collect());
}

/// A newtype, which is an element and a name by one line.
#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Tag(String);

#[test]
fn a_newtype_can_be_an_element_and_a_name() {
    let tags: BTreeSet<Tag> = [Tag("tea".to_owned()), Tag("\"cake\"".to_owned())].into();
    let json = encode(&tags);
    assert_eq!(json, r#"{"SS":["\"cake\"","tea"]}"#);
    assert_eq!(decode(&json), Ok(tags.clone()));
    let map: BTreeMap<Tag, u8> = tags.into_iter().zip(1..).collect();
    let json = encode(&map);
    assert_eq!(json, r#"{"M":{"\"cake\"":{"N":"1"},"tea":{"N":"2"}}}"#);
    assert_eq!(decode(&json), Ok(map));
}

#[test]
fn each_kind_of_set_has_its_elements() {
    fn element<S: SetKind>() -> &'static str {
        code::<S::Element>()
    }
    use dynamo_runtime::codec::kind::{BinarySet, NumberSet};
    assert_eq!(
        [element::<TextSet>(), element::<NumberSet>(), element::<BinarySet>()],
        ["S", "N", "B"]
    );
}
