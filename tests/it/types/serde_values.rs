//! Values of which only serde knows the form, against `serde_dynamo` on the same values.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamo_runtime::codec::{
    DecodeError, DecodeItem, EncodeError, EncodeItem, Encoding, Field, Members, Serde, Writer,
    decode_item, encode_item,
};
use proptest::collection::{btree_map, hash_map, vec};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::codec_agrees_with_sdk::{Item, Sdk, floats};

mod refused;

/// An item with one attribute, `value`, in the form that serde gives.
#[derive(Debug, PartialEq)]
struct Held<T>(T);

impl<T: Serialize> EncodeItem for Held<T> {
    const SIZE_HINT: usize = 0;

    fn encode_attributes(&self, writer: &mut Writer) {
        writer.attribute_as::<Serde, _>("value", &self.0);
    }
}

impl<'de, T: Deserialize<'de>> DecodeItem<'de> for Held<T> {
    fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
        let mut value = Field::<Serde, T>::new();
        while let Some(name) = item.next_name()? {
            match name.as_bytes() {
                b"value" => item.field(&mut value)?,
                _ => item.skip(name)?,
            }
        }
        item.take(value, "value").map(Self)
    }
}

fn write<T: Serialize>(value: T) -> Result<String, EncodeError> {
    encode_item(&Held(value)).map(|item| String::from_utf8(item).unwrap())
}

fn read<'de, T: Deserialize<'de>>(item: &'de str) -> Result<T, DecodeError> {
    decode_item::<Held<T>>(item.as_bytes()).map(|held| held.0)
}

/// Reads the JSON of one attribute value, in an item.
fn value<T: DeserializeOwned>(json: &str) -> Result<T, DecodeError> {
    read(&format!(r#"{{"value":{json}}}"#))
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Unit;

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Newtype(String);

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Pair(i64, Option<char>);

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
enum Payment {
    Free,
    Voucher(String),
    Cash(u32, i8),
    Card { number: String, limit: Option<u16> },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Shape {
    Circle { radius: f64 },
    Square { side: i64, label: Option<String> },
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(untagged)]
enum Loose {
    Flag(bool),
    Whole(i64),
    Large(u64),
    Float(f64),
    Text(String),
    List(Vec<Loose>),
    Map(BTreeMap<String, Loose>),
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Level {
    Low,
    High,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Blobs(#[serde(with = "bytes")] Vec<u8>);

/// As the crate `serde_bytes` does.
mod bytes {
    use std::fmt;

    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_byte_buf(Bytes)
    }

    struct Bytes;

    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }
}

/// Each shape that serde has.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Shapes {
    flag: bool,
    small: (i8, i16, i32, u8, u16, u32),
    signed: i64,
    unsigned: u64,
    float: f64,
    single: f32,
    character: char,
    text: String,
    blobs: Blobs,
    numbers: Vec<u8>,
    unit: (),
    unit_struct: Unit,
    newtype: Newtype,
    pair: Pair,
    array: [i32; 2],
    optional: Option<Vec<Option<i32>>>,
    payments: Vec<Payment>,
    shape: Shape,
    loose: Loose,
    map: BTreeMap<String, Option<String>>,
    by_number: HashMap<i32, bool>,
    by_flag: BTreeMap<bool, u8>,
    by_level: BTreeMap<Level, char>,
    by_character: BTreeMap<char, Level>,
    #[serde(flatten)]
    rest: BTreeMap<String, u16>,
}

fn loose() -> impl Strategy<Value = Loose> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Loose::Flag),
        any::<i64>().prop_map(Loose::Whole),
        (i64::MAX as u64 + 1..).prop_map(Loose::Large),
        floats()
            .prop_filter("whole numbers are read as such", |float| float.fract() != 0.0)
            .prop_map(Loose::Float),
        any::<String>().prop_map(Loose::Text),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Loose::List),
            btree_map(".{1,4}", inner, 0..4).prop_map(Loose::Map),
        ]
    })
}

fn shapes() -> impl Strategy<Value = Shapes> {
    let payment = prop_oneof![
        Just(Payment::Free),
        any::<String>().prop_map(Payment::Voucher),
        any::<(u32, i8)>().prop_map(|(number, change)| Payment::Cash(number, change)),
        any::<(String, Option<u16>)>().prop_map(|(number, limit)| Payment::Card { number, limit }),
    ];
    let shape = prop_oneof![
        floats().prop_map(|radius| Shape::Circle { radius }),
        any::<(i64, Option<String>)>().prop_map(|(side, label)| Shape::Square { side, label }),
    ];
    let level = || prop_oneof![Just(Level::Low), Just(Level::High)];
    let single = any::<i16>().prop_map(|number| f32::from(number) / 8.0);
    let scalars = (any::<bool>(), any::<(i8, i16, i32, u8, u16, u32)>(), any::<(i64, u64)>());
    let floats = (floats(), single);
    let texts = any::<(char, String, Vec<u8>, String)>();
    let lists =
        (any::<(i64, Option<char>)>(), any::<[i32; 2]>(), any::<Option<Vec<Option<i32>>>>());
    let enums = (vec(payment, 0..4), shape, loose());
    let maps = (
        btree_map(".{1,9}", any::<Option<String>>(), 0..4),
        hash_map(any::<i32>(), any::<bool>(), 0..4),
        btree_map(any::<bool>(), any::<u8>(), 0..2),
        btree_map(level(), any::<char>(), 0..2),
        btree_map(any::<char>(), level(), 0..3),
        btree_map("rest_[a-z]{1,5}", any::<u16>(), 0..3),
    );
    (scalars, floats, texts, lists, enums, maps).prop_map(
        |(scalars, floats, texts, lists, enums, maps)| Shapes {
            flag: scalars.0,
            small: scalars.1,
            signed: scalars.2.0,
            unsigned: scalars.2.1,
            float: floats.0,
            single: floats.1,
            character: texts.0,
            text: texts.1,
            blobs: Blobs(texts.2.clone()),
            numbers: texts.2,
            unit: (),
            unit_struct: Unit,
            newtype: Newtype(texts.3),
            pair: Pair(lists.0.0, lists.0.1),
            array: lists.1,
            optional: lists.2,
            payments: enums.0,
            shape: enums.1,
            loose: enums.2,
            map: maps.0,
            by_number: maps.1,
            by_flag: maps.2,
            by_level: maps.3,
            by_character: maps.4,
            rest: maps.5,
        },
    )
}

/// Numbers by value: `1E+20` and `100000000000000000000` are one.
fn normalised(value: AttributeValue) -> AttributeValue {
    use AttributeValue::{L, M, N};
    match value {
        N(number) if number.parse::<i128>().is_err() => {
            N(number.parse::<f64>().unwrap().to_string())
        }
        L(list) => L(list.into_iter().map(normalised).collect()),
        M(map) => M(map.into_iter().map(|(key, value)| (key, normalised(value))).collect()),
        value => value,
    }
}

fn by_serde_dynamo<T: Serialize>(value: T) -> AttributeValue {
    normalised(serde_dynamo::to_attribute_value(value).unwrap())
}

#[test]
fn what_we_write_serde_dynamo_writes_and_reads() {
    let sdk = Sdk::new();
    proptest!(|(shapes in shapes())| {
        let written = write(&shapes).unwrap();
        let mut item = sdk.deserialise(written.as_bytes());
        let ours = item.remove("value").unwrap();
        prop_assert_eq!(normalised(ours.clone()), by_serde_dynamo(&shapes));
        prop_assert_eq!(serde_dynamo::from_attribute_value::<_, Shapes>(ours).unwrap(), shapes);
    });
}

#[test]
fn what_serde_dynamo_writes_we_read() {
    let sdk = Sdk::new();
    proptest!(|(shapes in shapes())| {
        let theirs = serde_dynamo::to_attribute_value(&shapes).unwrap();
        let written = sdk.serialise(Item::from([("value".to_owned(), theirs)]));
        let written = String::from_utf8(written).unwrap();
        prop_assert_eq!(read::<Shapes>(&written).unwrap(), shapes);
    });
}

#[test]
fn reading_is_the_inverse_of_writing() {
    proptest!(|(shapes in shapes(), wide in (1 - 10_i128.pow(38)..10_i128.pow(38)))| {
        prop_assert_eq!(&read::<Shapes>(&write(&shapes).unwrap()).unwrap(), &shapes);
        prop_assert_eq!(read::<i128>(&write(wide).unwrap()).unwrap(), wide);
    });
}

#[test]
fn each_shape_is_stored_as_serde_dynamo_stores_it() {
    fn check<T>(given: T, json: &str)
    where
        T: Serialize + DeserializeOwned + Debug + PartialEq,
    {
        let written = write(&given).unwrap();
        assert_eq!(written, format!(r#"{{"value":{json}}}"#));
        let sdk = Sdk::new();
        let ours = sdk.deserialise(written.as_bytes()).remove("value").unwrap();
        assert_eq!(normalised(ours), by_serde_dynamo(&given), "{json}");
        assert_eq!((read::<T>(&written).unwrap(), json), (given, json));
    }
    check((), r#"{"NULL":true}"#);
    check(Unit, r#"{"NULL":true}"#);
    check(vec![None, Some(1)], r#"{"L":[{"NULL":true},{"N":"1"}]}"#);
    check('"', r#"{"S":"\""}"#);
    check(Newtype("x".into()), r#"{"S":"x"}"#);
    check(Pair(-7, None), r#"{"L":[{"N":"-7"},{"NULL":true}]}"#);
    check(Blobs(vec![0, 255]), r#"{"B":"AP8="}"#);
    check(vec![0_u8, 255], r#"{"L":[{"N":"0"},{"N":"255"}]}"#);
    check(std::collections::BTreeSet::from([1, 2]), r#"{"L":[{"N":"1"},{"N":"2"}]}"#);
    check(Payment::Free, r#"{"S":"Free"}"#);
    check(Payment::Voucher("x".into()), r#"{"M":{"Voucher":{"S":"x"}}}"#);
    check(Payment::Cash(1, -2), r#"{"M":{"Cash":{"L":[{"N":"1"},{"N":"-2"}]}}}"#);
    check(
        Payment::Card { number: "4".into(), limit: None },
        r#"{"M":{"Card":{"M":{"number":{"S":"4"},"limit":{"NULL":true}}}}}"#,
    );
    check(
        Shape::Square { side: 3, label: None },
        r#"{"M":{"kind":{"S":"square"},"side":{"N":"3"},"label":{"NULL":true}}}"#,
    );
    check(BTreeMap::from([(-1_i128, true)]), r#"{"M":{"-1":{"BOOL":true}}}"#);
    check(BTreeMap::from([(Newtype("k".into()).0, 'v')]), r#"{"M":{"k":{"S":"v"}}}"#);
    check(0.1_f32, r#"{"N":"0.1"}"#);
    check(-0.5, r#"{"N":"-0.5"}"#);
    check(String::new(), r#"{"S":""}"#);
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Wrapped(Option<u8>);

#[test]
fn a_none_is_the_absent_attribute() {
    assert_eq!(write(None::<u8>).unwrap(), "{}");
    assert_eq!(write(Some(None::<u8>)).unwrap(), "{}");
    assert_eq!(read::<Option<u8>>("{}"), Ok(None));
    assert_eq!(value::<Option<u8>>(r#"{"NULL":true}"#), Ok(None));
    assert_eq!(write(Wrapped(None)).unwrap(), "{}");
    assert_eq!(read::<Wrapped>("{}"), Ok(Wrapped(None)));
    let error = read::<Newtype>("{}").unwrap_err();
    assert!(error.is_missing() && error.path() == Some("value"), "{error}");
    let mut writer = Writer::with_capacity(0);
    <Serde as Encoding<Option<u8>>>::encode(&None, &mut writer);
    assert!(writer.finish().unwrap_err().to_string().contains("absent"));
}

#[derive(Deserialize, Debug)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[test]
fn text_without_escapes_is_borrowed() {
    assert_eq!(read::<&str>(r#"{"value":{"S":"tea"}}"#), Ok("tea"));
    assert!(read::<&str>(r#"{"value":{"S":"\"tea\""}}"#).is_err());
    let names = |json| match read::<Name<'_>>(json).unwrap().0 {
        Cow::Borrowed(name) => (true, name.to_owned()),
        Cow::Owned(name) => (false, name),
    };
    assert_eq!(names(r#"{"value":{"S":"tea"}}"#), (true, "tea".to_owned()));
    assert_eq!(names(r#"{"value":{"S":"\"tea\""}}"#), (false, "\"tea\"".to_owned()));
}

#[test]
fn numbers_are_read_in_every_spelling_of_dynamodb() {
    assert_eq!(value::<u8>(r#"{"N":"2E2"}"#), Ok(200));
    assert_eq!(value::<i128>(r#"{"N":"-170141183460469231731687303715884105728"}"#), Ok(i128::MIN));
    assert_eq!(value::<Loose>(r#"{"N":"1.50E2"}"#), Ok(Loose::Whole(150)));
    assert_eq!(value::<Loose>(r#"{"N":"9223372036854775808"}"#), Ok(Loose::Large(1 << 63)));
    assert_eq!(value::<Loose>(r#"{"N":"1E+20"}"#), Ok(Loose::Float(1e20)));
    assert_eq!(value::<Loose>(r#"{"N":"-1E+20"}"#), Ok(Loose::Float(-1e20)));
    // Both are its shortest texts, and equally near.
    for text in ["89664404461423.12", "89664404461423.13"] {
        let read = value::<Loose>(&format!(r#"{{"N":"{text}"}}"#));
        assert_eq!(read, Ok(Loose::Float(89_664_404_461_423.13)));
    }
    assert_eq!(value::<Loose>(r#"{"N":"-0"}"#), Ok(Loose::Whole(0)));
}

#[test]
fn a_set_is_read_as_a_list() {
    assert_eq!(value::<Vec<u8>>(r#"{"NS":["1","2E1"]}"#), Ok(vec![1, 20]));
    assert_eq!(value::<Vec<Newtype>>(r#"{"SS":["a","\""]}"#).unwrap()[1].0, "\"");
    assert_eq!(value::<Vec<Level>>(r#"{"SS":["Low","High"]}"#).unwrap(), [Level::Low, Level::High]);
    assert_eq!(value::<Vec<Blobs>>(r#"{"BS":["AP8="]}"#).unwrap(), [Blobs(vec![0, 255])]);
    assert_eq!(value::<Vec<Option<u8>>>(r#"{"NS":["1"]}"#), Ok(vec![Some(1)]));
    let loose = Loose::List(vec![Loose::Whole(1), Loose::Float(0.5)]);
    assert_eq!(value::<Loose>(r#"{"NS":["1","0.5"]}"#), Ok(loose));
}

/// Any JSON value that DynamoDB can hold.
fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::{Map, Value};
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(".{1,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_comes_back(json in json()) {
        let written = write(&json).unwrap();
        prop_assert_eq!(read::<serde_json::Value>(&written).unwrap(), json);
    }

    /// What serde_dynamo reads, and nothing else, is read; but for what it does not look at.
    #[test]
    fn any_attribute_value_is_read_as_serde_dynamo_reads_it(value in attribute_value()) {
        let sdk = Sdk::new();
        let item = sdk.serialise(Item::from([("value".to_owned(), value.clone())]));
        let item = String::from_utf8(item).unwrap();
        let ours = read::<serde_json::Value>(&item).ok();
        let theirs = serde_dynamo::from_attribute_value::<_, serde_json::Value>(value).ok();
        prop_assert_eq!(ours, theirs);
    }
}

fn attribute_value() -> impl Strategy<Value = AttributeValue> {
    use AttributeValue::{B, Bool, L, M, N, Ns, Null, S, Ss};
    let number = || any::<i64>().prop_map(|number| number.to_string());
    let leaf = prop_oneof![
        Just(Null(true)),
        any::<bool>().prop_map(Bool),
        any::<String>().prop_map(S),
        number().prop_map(N),
        (-1e6..1e6).prop_map(|float: f64| N(float.to_string())),
        vec(any::<u8>(), 0..4).prop_map(|bytes| B(Blob::new(bytes))),
        vec(any::<String>(), 1..4).prop_map(Ss),
        vec(number(), 1..4).prop_map(Ns),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(L),
            hash_map(".{1,6}", inner, 0..4).prop_map(M),
        ]
    })
}
