//! Hostile values for each type: an error with the path, never a panic, never the value.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Debug;
use std::sync::Arc;

use dynamo_runtime::Number;
use dynamo_runtime::codec::{Decode, Encode};
use dynamo_runtime::prelude::*;

use super::{decode, encode};

/// One value of each of DynamoDB's types, and what is none.
const SHAPES: [&str; 11] = [
    r#"{"S":"secret"}"#,
    r#"{"N":"41414141"}"#,
    r#"{"B":"c2VjcmV0"}"#,
    r#"{"BOOL":true}"#,
    r#"{"NULL":true}"#,
    r#"{"L":[]}"#,
    r#"{"M":{}}"#,
    r#"{"SS":["secret"]}"#,
    r#"{"NS":["41414141"]}"#,
    r#"{"BS":["c2VjcmV0"]}"#,
    r#"{"Q":"secret"}"#,
];

const MALFORMED: [&str; 9] = [
    r#""secret""#,
    "41414141",
    "null",
    "true",
    "[]",
    "{}",
    r#"{"S":"secret","S":"secret"}"#,
    r#"{"N":"1","S":"secret"}"#,
    r#"{"SS":["secret"],"NS":["1"]}"#,
];

#[track_caller]
fn refused<T: for<'de> Decode<'de> + Debug>(json: &str) {
    let error = decode::<T>(json).map(|value| format!("{value:?}")).unwrap_err();
    let path = error.path().unwrap_or_default();
    assert!(path.starts_with("value"), "{json}: {path}");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("secret") && !shown.contains("41414141"), "{json}: {shown}");
}

/// Whatever is done to a good value, it is read as a value of the type or refused.
#[track_caller]
pub(super) fn corpus<T: Encode + for<'de> Decode<'de> + Debug + PartialEq>(good: &T, bad: &[&str]) {
    let json = encode(good);
    assert_eq!(decode::<T>(&json).as_ref(), Ok(good));
    let code = json.split('"').nth(1).unwrap();
    let may_be_absent = T::absent().is_some();
    for shape in SHAPES {
        let other = shape.split('"').nth(1).unwrap();
        if other != code && !(other == "NULL" && may_be_absent) {
            refused::<T>(shape);
        }
    }
    for malformed in MALFORMED.iter().chain(bad) {
        refused::<T>(malformed);
    }
    for end in (1..json.len()).filter(|end| json.is_char_boundary(*end)) {
        let truncated = format!(r#"{{"value":{}"#, &json[..end]);
        let error = dynamo_runtime::codec::decode_item::<super::Held<T>>(truncated.as_bytes());
        assert!(error.is_err(), "{truncated}");
    }
    for place in 0..json.len() {
        for byte in *b"\0 \"\\{}[],:9-E\x80" {
            let mut changed = format!(r#"{{"value":{json}}}"#).into_bytes();
            changed[r#"{"value":"#.len() + place] = byte;
            let read = dynamo_runtime::codec::decode_item::<super::Held<T>>(&changed);
            if serde_json::from_slice::<serde_json::Value>(&changed).is_err() {
                assert!(read.is_err(), "{byte} at {place} of {json}");
            }
        }
    }
}

#[test]
fn text() {
    let escapes = [r#"{"S":"\ud800"}"#, r#"{"S":"\x"}"#, "{\"S\":\"\n\"}"];
    corpus(&"tea".to_owned(), &escapes);
    corpus::<Box<str>>(&"tea".into(), &escapes);
    corpus::<Arc<str>>(&"tea".into(), &escapes);
    corpus(&'é', &[r#"{"S":""}"#, r#"{"S":"ab"}"#, r#"{"S":"e\u0301"}"#, r#"{"S":"\ud83d"}"#]);
}

#[test]
fn binary() {
    let no_base64 = [r#"{"B":"A"}"#, r#"{"B":"AP8"}"#, r#"{"B":"AP9="}"#, r#"{"B":"_-8="}"#];
    corpus(&vec![0_u8, 255], &no_base64);
    corpus::<Box<[u8]>>(&vec![0, 255].into(), &no_base64);
    corpus::<Arc<[u8]>>(&vec![0, 255].into(), &no_base64);
    corpus::<Cow<'static, [u8]>>(&vec![0, 255].into(), &no_base64);
    corpus(&bytes::Bytes::from_static(&[0, 255]), &no_base64);
    corpus(&[0_u8, 255], &[r#"{"B":"AP8A"}"#, r#"{"B":"AA=="}"#, r#"{"B":""}"#]);
}

#[test]
fn numbers() {
    let none = [
        r#"{"N":""}"#,
        r#"{"N":"NaN"}"#,
        r#"{"N":"Infinity"}"#,
        r#"{"N":"0x41"}"#,
        r#"{"N":"01"}"#,
        r#"{"N":"1."}"#,
        r#"{"N":"1e"}"#,
        r#"{"N":41414141}"#,
        r#"{"N":"1E99999999999999999999"}"#,
    ];
    corpus(&-7_i128, &none);
    corpus(&7_u128, &none);
    corpus(&2.5_f64, &none);
    corpus(&2.5_f32, &none);
    let digits = format!(r#"{{"N":"{}"}}"#, "9".repeat(39));
    let zeros = format!(r#"{{"N":"{}"}}"#, "9".repeat(100_000));
    let beyond = [digits.as_str(), &zeros, r#"{"N":"1E126"}"#, r#"{"N":"-1E-131"}"#];
    corpus(&"12.5".parse::<Number>().unwrap(), &[&none[..], &beyond].concat());
    let too_fine = r#"{"N":"0.00000000000000000000000000001"}"#;
    let too_precise = r#"{"N":"7.9228162514264337593543950336"}"#;
    let too_great = r#"{"N":"79228162514264337593543950336"}"#;
    corpus(
        &rust_decimal::Decimal::new(125, 1),
        &[&none[..], &beyond, &[too_fine, too_precise, too_great]].concat(),
    );
}

#[test]
fn a_decimal_is_read_from_any_spelling() {
    for (spelling, text) in [("125E-1", "12.5"), ("1.25e+1", "12.5"), ("1E3", "1000"), ("-0", "0")]
    {
        let decimal = decode::<rust_decimal::Decimal>(&format!(r#"{{"N":"{spelling}"}}"#)).unwrap();
        assert_eq!(decimal.to_string(), text);
    }
    for end in [rust_decimal::Decimal::MAX, rust_decimal::Decimal::MIN] {
        assert_eq!(decode(&encode(&end)), Ok(end));
    }
}

#[test]
fn lists_of_fixed_length() {
    let wrong = [
        r#"{"L":[{"N":"1"}]}"#,
        r#"{"L":[{"N":"1"},{"N":"2"},{"N":"3"}]}"#,
        r#"{"L":[{"N":"1"},{"NULL":true}]}"#,
        r#"{"L":[{"N":"1"},{"S":"secret"}]}"#,
        r#"{"L":[{"N":"1"} {"N":"2"}]}"#,
        r#"{"L":[1,2]}"#,
    ];
    corpus(&[1_i16, 2], &wrong);
    corpus(&(1_i16, 2_u8), &wrong);
    corpus::<Arc<[i16]>>(&vec![1, 2].into(), &wrong[2..]);
    corpus(&((1_u8,), Some(true), "x".to_owned()), &wrong);
}

#[test]
fn maps() {
    let bad = [
        r#"{"M":{"a":{"N":"1"},"a":{"N":"1"}}}"#,
        r#"{"M":{"a":{"N":"1"},"\u0061":{"N":"1"}}}"#,
        r#"{"M":{"a":{"S":"secret"}}}"#,
        r#"{"M":{"a":1}}"#,
        r#"{"M":{"a"}}"#,
        r#"{"M":{a:{"N":"1"}}}"#,
        r#"{"M":{{"S":"a"}:{"N":"1"}}}"#,
        r#"{"M":[{"N":"1"}]}"#,
    ];
    corpus(&BTreeMap::from([("a".to_owned(), 1_u8)]), &bad);
    corpus(&HashMap::<String, u8>::from([("a".to_owned(), 1)]), &bad);
    let uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let twice =
        format!(r#"{{"M":{{"{uuid}":{{"N":"1"}},"{}":{{"N":"1"}}}}}}"#, uuid.to_uppercase());
    let no_uuid = r#"{"M":{"a":{"N":"1"}}}"#;
    corpus(&BTreeMap::from([(uuid.parse::<uuid::Uuid>().unwrap(), 1_u8)]), &[&twice, no_uuid]);
    let nested = format!("{}{}", r#"{"M":{"a":"#.repeat(100_000), "}}".repeat(100_000));
    refused::<BTreeMap<String, Vec<u8>>>(&nested);
}

#[test]
fn sets() {
    let bad = [
        r#"{"SS":["a","a"]}"#,
        r#"{"SS":["a","\u0061"]}"#,
        r#"{"SS":["a",1]}"#,
        r#"{"SS":["a",null]}"#,
        r#"{"SS":[{"S":"a"}]}"#,
        r#"{"SS":["a"}]}"#,
        r#"{"SS":["a","b"}"#,
        r#"{"SS":"secret"}"#,
        r#"{"SS":{"a":"b"}}"#,
        r#"{"SS":["a",]}"#,
    ];
    corpus(&BTreeSet::from(["a".to_owned(), "b".to_owned()]), &bad);
    corpus(&HashSet::<String>::from(["a".to_owned()]), &bad);
    corpus(&BTreeSet::from(["a".parse::<char>().unwrap()]), &[r#"{"SS":["ab"]}"#]);
    corpus(
        &BTreeSet::from([1_u8]),
        &[
            r#"{"NS":["1","1.0"]}"#,
            r#"{"NS":["1","1.5"]}"#,
            r#"{"NS":["256"]}"#,
            r#"{"NS":["secret"]}"#,
            r#"{"NS":[1]}"#,
            r#"{"NS":[{"N":"1"}]}"#,
        ],
    );
    corpus(
        &BTreeSet::from(["1".parse::<Number>().unwrap()]),
        &[r#"{"NS":["1","10E-1"]}"#, r#"{"NS":["1E126"]}"#],
    );
    corpus(
        &BTreeSet::from([vec![0_u8, 255]]),
        &[r#"{"BS":["AP8=","AP8="]}"#, r#"{"BS":["AP8"]}"#, r#"{"BS":[{"B":"AP8="}]}"#],
    );
}

#[test]
fn an_error_in_a_set_or_a_map_has_its_place() {
    let path = |error: dynamo_runtime::codec::DecodeError| error.path().unwrap().to_owned();
    assert_eq!(path(decode::<BTreeSet<u8>>(r#"{"NS":["1","x"]}"#).unwrap_err()), "value[1]");
    assert_eq!(path(decode::<BTreeSet<u8>>(r#"{"NS":["1","1"]}"#).unwrap_err()), "value[1]");
    let map = decode::<BTreeMap<String, (u8, u8)>>(r#"{"M":{"k":{"L":[{"N":"1"},{"S":""}]}}}"#);
    assert_eq!(path(map.unwrap_err()), "value.k[1]");
}

#[test]
fn times() {
    let instants = [
        r#"{"S":""}"#,
        r#"{"S":"2026-11-23"}"#,
        r#"{"S":"2026-11-23T19:55:13"}"#,
        r#"{"S":"2026-02-30T19:55:13Z"}"#,
        r#"{"S":"2026-11-23T19:55:60Z"}"#,
        r#"{"S":"2026-11-23T19:55:13.0000000001Z"}"#,
        r#"{"S":"2026-11-23T19:55:13Z[Europe/Berlin]"}"#,
        r#"{"S":"0000-01-01T00:00:00Z"}"#,
        r#"{"S":"+12026-11-23T19:55:13Z"}"#,
    ];
    let timestamp = Timestamp::from_epoch_micros(1_800_000_000_123_456).unwrap();
    corpus(&timestamp, &instants);
    corpus(&jiff::Timestamp::try_from(timestamp).unwrap(), &instants);
    corpus(&chrono::DateTime::<chrono::Utc>::try_from(timestamp).unwrap(), &instants);
    corpus(&time::OffsetDateTime::try_from(timestamp).unwrap(), &instants);
    let dates = [
        r#"{"S":""}"#,
        r#"{"S":"2026-11-23T19:55:13Z"}"#,
        r#"{"S":"2026-2-03"}"#,
        r#"{"S":"2026-02-29"}"#,
        r#"{"S":"2026-13-01"}"#,
        r#"{"S":"2026-00-01"}"#,
        r#"{"S":"2026-01-00"}"#,
        r#"{"S":"0000-01-01"}"#,
        r#"{"S":"-001-01-01"}"#,
        r#"{"S":"20260-1-01"}"#,
        r#"{"S":"２026-1-01"}"#,
    ];
    corpus(&jiff::civil::date(2026, 11, 23), &dates);
    corpus(&chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(), &dates);
    corpus(&time::Date::from_ordinal_date(2026, 60).unwrap(), &dates);
}

#[test]
fn identifiers() {
    let uuid: uuid::Uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap();
    corpus(
        &uuid,
        &[
            r#"{"S":""}"#,
            r#"{"S":"67e5504410b1426f9247bb680e5fe0c8"}"#,
            r#"{"S":"{67e55044-10b1-426f-9247-bb680e5fe0c8}"}"#,
            r#"{"S":"urn:uuid:67e55044-10b1-426f-9247-bb680e5fe0c8"}"#,
            r#"{"S":"67e55044-10b1-426f-9247-bb680e5fe0cg"}"#,
            r#"{"S":"67e55044-10b1-426f-9247-bb680e5fe0c8 "}"#,
        ],
    );
    assert_eq!(decode(&encode(&uuid).to_uppercase()), Ok(uuid));
    let url: url::Url = "https://example.com/a?b#c".parse().unwrap();
    corpus(
        &url,
        &[r#"{"S":""}"#, r#"{"S":"/secret"}"#, r#"{"S":"secret"}"#, r#"{"S":"https://"}"#],
    );
}
