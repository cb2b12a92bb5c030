//! An entity with every type, against the SDK's own serialiser and deserialiser.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue::{self, B, Bs, L, M, N, Ns, Null, S, Ss};
use dynamo_runtime::Number;
use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;
use proptest::collection::{btree_map, btree_set, hash_map, hash_set, vec};
use proptest::prelude::*;

use crate::codec_agrees_with_sdk::{Item, Sdk, timestamps};

const DAY: i64 = 86_400;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "types")]
struct Types {
    #[dynamo(partition_key)]
    id: uuid::Uuid,
    character: char,
    shared: Arc<str>,
    boxed: Box<str>,
    bytes: Cow<'static, [u8]>,
    hash: [u8; 4],
    array: [i16; 3],
    slice: Arc<[String]>,
    signed: i128,
    unsigned: u128,
    number: Number,
    tuple: (String, Option<u8>, bool),
    eight: (u8, u16, u32, u64, i8, i16, i32, i64),
    map: BTreeMap<String, Option<i64>>,
    nested: HashMap<char, Vec<BTreeSet<u8>>>,
    texts: HashSet<String>,
    numbers: BTreeSet<i64>,
    decimals: BTreeSet<Number>,
    binaries: BTreeSet<Vec<u8>>,
    moments: BTreeSet<Timestamp>,
    optional: Option<Arc<BTreeSet<char>>>,
    decimal: rust_decimal::Decimal,
    body: bytes::Bytes,
    url: url::Url,
    jiff: jiff::Timestamp,
    jiff_date: jiff::civil::Date,
    chrono: chrono::DateTime<chrono::Utc>,
    chrono_date: chrono::NaiveDate,
    time: time::OffsetDateTime,
    time_date: time::Date,
}

/// The same item, by hand, as users of the SDK write it today; an empty set is left out.
fn by_hand(types: Types) -> Item {
    let blob = |bytes: &[u8]| B(Blob::new(bytes));
    let text = |text: &dyn ToString| S(text.to_string());
    let number = |number: &dyn ToString| N(number.to_string());
    let optional = |value: Option<String>| value.map_or(Null(true), N);
    let texts = |set: Vec<String>| (!set.is_empty()).then_some(Ss(set));
    let numbers = |set: Vec<String>| (!set.is_empty()).then_some(Ns(set));
    let eight = types.eight;
    let nested = types.nested.into_iter().map(|(key, sets)| {
        let numbers = |set: BTreeSet<u8>| numbers(set.iter().map(u8::to_string).collect());
        let sets = sets.into_iter().map(|set| numbers(set).unwrap_or(Null(true)));
        (key.to_string(), L(sets.collect()))
    });
    let map = types.map.into_iter();
    let blobs: Vec<_> = types.binaries.into_iter().map(Blob::new).collect();
    let at = |year: i64, month: u32, day: u32| S(format!("{year:04}-{month:02}-{day:02}"));
    let seconds = types.chrono.timestamp().div_euclid(DAY) * DAY;
    let day = Timestamp::from_epoch_seconds(seconds).unwrap().to_string();
    let jiff_date = types.jiff_date;
    let month = u32::from(u8::from(types.time_date.month()));
    let sets = [
        ("texts", texts(types.texts.into_iter().collect())),
        ("numbers", numbers(types.numbers.iter().map(i64::to_string).collect())),
        ("decimals", numbers(types.decimals.iter().map(Number::to_string).collect())),
        ("binaries", (!blobs.is_empty()).then_some(Bs(blobs))),
        ("moments", texts(types.moments.iter().map(Timestamp::to_string).collect())),
        (
            "optional",
            texts(types.optional.iter().flat_map(|set| set.iter().map(char::to_string)).collect()),
        ),
    ];
    let values = [
        ("id", text(&types.id)),
        ("character", text(&types.character)),
        ("shared", text(&types.shared)),
        ("boxed", text(&types.boxed)),
        ("bytes", blob(&types.bytes)),
        ("hash", blob(&types.hash)),
        ("array", L(types.array.iter().map(|element| number(element)).collect())),
        ("slice", L(types.slice.iter().cloned().map(S).collect())),
        ("signed", number(&types.signed)),
        ("unsigned", number(&types.unsigned)),
        ("number", number(&types.number)),
        (
            "tuple",
            L(vec![
                S(types.tuple.0),
                optional(types.tuple.1.map(|number| number.to_string())),
                AttributeValue::Bool(types.tuple.2),
            ]),
        ),
        (
            "eight",
            L(vec![
                number(&eight.0),
                number(&eight.1),
                number(&eight.2),
                number(&eight.3),
                number(&eight.4),
                number(&eight.5),
                number(&eight.6),
                number(&eight.7),
            ]),
        ),
        ("map", M(map.map(|(key, value)| (key, optional(value.map(|n| n.to_string())))).collect())),
        ("nested", M(nested.collect())),
        ("decimal", number(&types.decimal)),
        ("body", blob(&types.body)),
        ("url", text(&types.url)),
        ("jiff", S(format!("{:.6}", types.jiff))),
        (
            "jiff_date",
            at(
                jiff_date.year().into(),
                jiff_date.month().unsigned_abs().into(),
                jiff_date.day().unsigned_abs().into(),
            ),
        ),
        ("chrono", S(types.chrono.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))),
        ("chrono_date", S(day[..10].to_owned())),
        ("time", S(Timestamp::try_from(types.time).unwrap().to_string())),
        ("time_date", at(types.time_date.year().into(), month, types.time_date.day().into())),
    ];
    sets.into_iter()
        .filter_map(|(name, set)| Some((name, set?)))
        .chain(values)
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Sets in one order.
fn normalised(item: Item) -> Item {
    fn sorted(value: AttributeValue) -> AttributeValue {
        match value {
            Ss(mut set) => {
                set.sort();
                Ss(set)
            }
            Ns(mut set) => {
                set.sort();
                Ns(set)
            }
            Bs(mut set) => {
                set.sort_by(|left, right| left.as_ref().cmp(right.as_ref()));
                Bs(set)
            }
            L(list) => L(list.into_iter().map(sorted).collect()),
            M(map) => M(normalised(map)),
            value => value,
        }
    }
    item.into_iter().map(|(name, value)| (name, sorted(value))).collect()
}

/// Of all sizes, with up to 38 digits, in any spelling.
fn numbers() -> impl Strategy<Value = Number> {
    ("-?[1-9][0-9]{0,18}(\\.[0-9]{1,19})?[eE][+-]?[0-9]{1,3}")
        .prop_filter_map("out of range", |text| text.parse().ok())
}

fn decimals() -> impl Strategy<Value = rust_decimal::Decimal> {
    (any::<i128>(), 0_u32..=28)
        .prop_map(|(number, scale)| {
            rust_decimal::Decimal::from_i128_with_scale(number >> 32, scale)
        })
        .prop_filter("DynamoDB has one zero", |decimal| !decimal.is_zero())
}

/// Those that all crates have: jiff's end earlier than ours.
fn moments() -> impl Strategy<Value = Timestamp> {
    timestamps().prop_filter("jiff", |timestamp| jiff::Timestamp::try_from(*timestamp).is_ok())
}

fn types() -> impl Strategy<Value = Types> {
    let text = (any::<char>(), any::<String>(), any::<String>(), any::<u128>());
    let lists = (
        vec(any::<u8>(), 0..9),
        any::<[u8; 4]>(),
        any::<[i16; 3]>(),
        vec(any::<String>(), 0..3),
        any::<(String, Option<u8>, bool)>(),
        any::<(u8, u16, u32, u64, i8, i16, i32, i64)>(),
    );
    let limit = 10_i128.pow(38);
    let decimal = (1 - limit..limit, 0..limit.unsigned_abs(), numbers(), decimals());
    let maps = (
        btree_map(".{1,9}", any::<Option<i64>>(), 0..4),
        hash_map(any::<char>(), vec(btree_set(any::<u8>(), 0..3), 0..3), 0..3),
    );
    let sets = (
        hash_set(any::<String>(), 0..4),
        btree_set(any::<i64>(), 0..4),
        btree_set(numbers(), 0..4),
        btree_set(vec(any::<u8>(), 0..5), 0..4),
        btree_set(timestamps(), 0..4),
        proptest::option::of(btree_set(any::<char>(), 1..3)),
    );
    let times = (moments(), moments(), moments(), "[a-z]{1,9}");
    (text, lists, decimal, maps, sets, times).prop_map(
        |(text, lists, decimal, maps, sets, (jiff, chrono, time, host))| {
            let jiff: jiff::Timestamp = jiff.try_into().unwrap();
            let chrono: chrono::DateTime<chrono::Utc> = chrono.try_into().unwrap();
            let time: time::OffsetDateTime = time.try_into().unwrap();
            Types {
                id: uuid::Uuid::from_u128(text.3),
                character: text.0,
                shared: text.1.into(),
                boxed: text.2.into(),
                bytes: lists.0.clone().into(),
                hash: lists.1,
                array: lists.2,
                slice: lists.3.into(),
                signed: decimal.0,
                unsigned: decimal.1,
                number: decimal.2,
                tuple: lists.4,
                eight: lists.5,
                map: maps.0,
                nested: maps.1,
                texts: sets.0,
                numbers: sets.1,
                decimals: sets.2,
                binaries: sets.3,
                moments: sets.4,
                optional: sets.5.map(Arc::new),
                decimal: decimal.3,
                body: lists.0.into(),
                url: format!("https://{host}.example/ä?{host}").parse().unwrap(),
                jiff_date: jiff::tz::Offset::UTC.to_datetime(jiff).date(),
                jiff,
                chrono_date: chrono.date_naive(),
                chrono,
                time_date: time.date(),
                time,
            }
        },
    )
}

#[test]
fn what_we_write_the_sdk_reads_as_the_same_item() {
    let sdk = Sdk::new();
    proptest!(|(types in types())| {
        let written = encode_item(&types).unwrap();
        prop_assert_eq!(normalised(sdk.deserialise(&written)), normalised(by_hand(types)));
    });
}

#[test]
fn what_the_sdk_writes_we_read_as_the_same_entity() {
    let sdk = Sdk::new();
    proptest!(|(types in types())| {
        let written = sdk.serialise(by_hand(types.clone()));
        prop_assert_eq!(decode_item::<Types>(&written).unwrap(), types);
    });
}

#[test]
fn reading_is_the_inverse_of_writing() {
    proptest!(|(types in types())| {
        let written = encode_item(&types).unwrap();
        prop_assert_eq!(decode_item::<Types>(&written).unwrap(), types);
    });
}

#[tokio::test]
async fn the_engine_takes_every_type_and_gives_it_back() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let client = crate::engine::client().table::<Types>().build().await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..32 {
        let entity = types().new_tree(&mut runner).unwrap().current();
        let created = Types::create(entity.clone()).send(&client).await.unwrap();
        assert_eq!(created, entity);
        assert_eq!(Types::get(Types::key(entity.id)).send(&client).await.unwrap(), Some(entity));
    }
}
