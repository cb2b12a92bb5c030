//! What DynamoDB cannot hold is refused before it is sent, with the path and without the value.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use dynamo_runtime::codec::{Encode, EncodeError, encode_item};
use dynamo_runtime::prelude::*;

use super::{Held, decode, encode};

#[track_caller]
fn refused(value: impl Encode, path: &str) -> EncodeError {
    let error = encode_item(&Held(value)).unwrap_err();
    assert_eq!(error.path(), Some(path));
    error
}

#[test]
fn numbers_beyond_dynamodbs() {
    let nowhere = || [1.0, f64::NAN];
    for error in [
        refused(i128::MAX, "value"),
        refused(f64::INFINITY, "value"),
        refused(nowhere(), "value[1]"),
        refused((1, "x", 1e126), "value[2]"),
        refused(BTreeMap::from([("a.b".to_owned(), nowhere())]), "value.?[1]"),
        refused(BTreeSet::from([1, 10_u128.pow(38) + 1]), "value[1]"),
        refused(Arc::new(Some(Box::new(-1e-131))), "value"),
    ] {
        assert!(error.is_number_out_of_range(), "{error}");
    }
}

#[test]
fn dynamodb_has_one_zero() {
    for zero in [0.0, -0.0] {
        assert_eq!(encode(&zero), r#"{"N":"0"}"#);
        assert_eq!(decode::<f64>(&encode(&zero)).unwrap().to_bits(), 0);
    }
    assert_eq!(encode(&-0.0_f32), r#"{"N":"0"}"#);
    let negative = -rust_decimal::Decimal::ZERO;
    assert_eq!(encode(&negative), r#"{"N":"0"}"#);
    assert_eq!(encode(&rust_decimal::Decimal::new(0, 5)), r#"{"N":"0"}"#);
}

#[test]
fn an_empty_set_is_absent() {
    let nothing = || encode_item(&Held(BTreeSet::<String>::new())).unwrap();
    assert_eq!(nothing(), b"{}");
    assert_eq!(encode_item(&Held(Some(HashSet::<u8>::new()))).unwrap(), b"{}");
    let read = |json| dynamo_runtime::codec::decode_item::<Held<BTreeSet<String>>>(json);
    assert_eq!(read(b"{}"), Ok(Held(BTreeSet::new())));
    assert_eq!(read(br#"{"value":{"NULL":true}}"#), Ok(Held(BTreeSet::new())));

    let sets = vec![BTreeSet::new(), BTreeSet::from([1])];
    assert_eq!(encode(&sets), r#"{"L":[{"NULL":true},{"NS":["1"]}]}"#);
    assert_eq!(decode(&encode(&sets)), Ok(sets));
    let map = HashMap::from([("none".to_owned(), BTreeSet::<Vec<u8>>::new())]);
    assert_eq!(encode(&map), r#"{"M":{"none":{"NULL":true}}}"#);
    assert_eq!(decode(&encode(&map)), Ok(map));
}

#[test]
fn an_empty_set_is_no_operand() {
    #[derive(Entity)]
    #[dynamo(table = "posts")]
    struct Post {
        #[dynamo(partition_key)]
        id: String,
        tags: HashSet<String>,
    }

    let condition = Post::TAGS.eq(HashSet::new());
    let rendered = format!("{condition:?}");
    assert!(!rendered.contains("null"), "{rendered}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(async {
        let client = crate::engine::client().table::<Post>().build().await;
        let post = Post { id: "p".to_owned(), tags: HashSet::new() };
        let post = Post::create(post).send(&client).await.unwrap();
        Post::update(Post::key("p")).remove(Post::TAGS).if_exists().send(&client).await.unwrap();
        Post::put(post).condition(condition).send(&client).await.map(|_| ()).unwrap_err()
    });
    assert!(error.to_string().contains("empty set"), "{error}");
}

#[test]
fn keys_of_maps() {
    let map = |key: String| BTreeMap::from([(key, true)]);
    let error = refused(map(String::new()), "value.?");
    assert!(error.to_string().contains("empty"), "{error}");
    assert!(encode_item(&Held(map("x".repeat(65_535)))).is_ok());
    let error = encode_item(&Held(map("\n".repeat(65_536)))).unwrap_err();
    assert!(error.to_string().contains("65535 bytes"), "{error}");
    assert_eq!(error.path(), Some("value.?"));
    assert_eq!(encode(&map("a\"b".to_owned())), r#"{"M":{"a\"b":{"BOOL":true}}}"#);
}

#[test]
fn keys_count_for_the_size_of_an_item() {
    let map = |size: usize| Held(BTreeMap::from([("k".repeat(9), "x".repeat(size))]));
    // The item's own name, the map, the entry, and the key.
    let overhead = 5 + 3 + 1 + 9;
    assert!(encode_item(&map(400 * 1024 - overhead)).is_ok());
    assert!(encode_item(&map(400 * 1024 - overhead + 1)).unwrap_err().is_item_too_large());
}

#[test]
fn times_finer_than_a_microsecond_and_out_of_range() {
    let nanos = 1_999_999_999_999_999_i64;
    let jiff = jiff::Timestamp::from_nanosecond(nanos.into()).unwrap();
    let chrono = chrono::DateTime::from_timestamp_nanos(nanos);
    let time = time::OffsetDateTime::from_unix_timestamp_nanos(nanos.into()).unwrap();
    for error in [refused(jiff, "value"), refused(chrono, "value"), refused(time, "value")] {
        assert!(error.to_string().contains("finer than a microsecond"), "{error}");
    }
    let floor = Timestamp::from_epoch_micros(nanos / 1_000);
    assert_eq!(Timestamp::try_from(jiff), floor);
    assert_eq!(Timestamp::try_from(chrono), floor);
    assert_eq!(Timestamp::try_from(time), floor);
    let before = jiff::Timestamp::from_nanosecond(-1).unwrap();
    assert_eq!(Timestamp::try_from(before), Timestamp::from_epoch_micros(-1));

    refused(jiff::Timestamp::MIN, "value");
    refused(chrono::DateTime::<chrono::Utc>::MAX_UTC, "value");
    refused(time::OffsetDateTime::UNIX_EPOCH.replace_year(0).unwrap(), "value");
    refused(jiff::civil::Date::MIN, "value");
    refused(chrono::NaiveDate::MAX, "value");
    refused(time::Date::MIN, "value");
    let leap_second = chrono::NaiveDate::from_ymd_opt(2016, 12, 31)
        .and_then(|date| date.and_hms_micro_opt(23, 59, 59, 1_000_000))
        .unwrap();
    refused(leap_second.and_utc(), "value");
}

#[test]
fn the_ends_of_time() {
    for timestamp in [Timestamp::MIN, Timestamp::EPOCH, Timestamp::MAX] {
        let json = encode(&timestamp);
        let chrono = decode::<chrono::DateTime<chrono::Utc>>(&json).unwrap();
        let time = decode::<time::OffsetDateTime>(&json).unwrap();
        assert_eq!((encode(&chrono), encode(&time)), (json.clone(), json));
    }
    assert!(decode::<jiff::Timestamp>(&encode(&Timestamp::MIN)).is_ok());
    let error = decode::<jiff::Timestamp>(&encode(&Timestamp::MAX)).unwrap_err();
    assert_eq!(error.path(), Some("value"));
}

#[test]
fn an_offset_is_no_part_of_an_instant() {
    let offset = time::UtcOffset::from_hms(5, 30, 0).unwrap();
    let local = time::OffsetDateTime::UNIX_EPOCH.to_offset(offset);
    assert_eq!(encode(&local), r#"{"S":"1970-01-01T00:00:00.000000Z"}"#);
    assert_eq!(decode(&encode(&local)), Ok(local));
}
