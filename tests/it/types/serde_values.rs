//! Values of which only serde knows the form, against `serde_dynamo` on the same values.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamo_runtime::codec::{
    DecodeError, DecodeItem, EncodeError, EncodeItem, Encoding, Field, Reader, Serde, Writer,
    decode_item, encode_item,
};
use proptest::collection::{btree_map, hash_map, vec};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::codec_agrees_with_sdk::{Item, Sdk, floats};

/// An item with one attribute, `value`, in the form that serde gives.
#[derive(Debug, PartialEq)]
struct Held<T>(T);

impl<T: Serialize> EncodeItem for Held<T> {
    const SIZE_HINT: usize = 0;

    fn encode_item(&self, writer: &mut Writer) {
        writer.begin_item();
        writer.attribute_as::<Serde, _>("value", &self.0);
        writer.end_item();
    }
}

impl<'de, T: Deserialize<'de>> DecodeItem<'de> for Held<T> {
    const ATTRIBUTES: &'static [&'static str] = &["value"];

    fn decode_item(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        let mut value = Field::<Serde, T>::new();
        let mut item = reader.item()?;
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
    fn check<T: Serialize + DeserializeOwned + Debug + PartialEq>(given: T, json: &str) {
        let written = write(&given).unwrap();
        assert_eq!(written, format!(r#"{{"value":{json}}}"#));
        let sdk = Sdk::new();
        let ours = sdk.deserialise(written.as_bytes()).remove("value").unwrap();
        assert_eq!(normalised(ours), by_serde_dynamo(&given), "{json}");
        assert_eq!(read::<T>(&written).unwrap(), given, "{json}");
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

#[test]
fn a_none_is_the_absent_attribute() {
    assert_eq!(write(None::<u8>).unwrap(), "{}");
    assert_eq!(write(Some(None::<u8>)).unwrap(), "{}");
    assert_eq!(read::<Option<u8>>("{}"), Ok(None));
    assert_eq!(value::<Option<u8>>(r#"{"NULL":true}"#), Ok(None));
    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Wrapped(Option<u8>);
    assert_eq!(write(Wrapped(None)).unwrap(), "{}");
    assert_eq!(read::<Wrapped>("{}"), Ok(Wrapped(None)));
    let error = read::<Newtype>("{}").unwrap_err();
    assert!(error.is_missing() && error.path() == Some("value"), "{error}");
    let mut writer = Writer::with_capacity(0);
    <Serde as Encoding<Option<u8>>>::encode(&None, &mut writer);
    assert!(writer.finish().unwrap_err().to_string().contains("absent"));
}

#[test]
fn text_without_escapes_is_borrowed() {
    assert_eq!(read::<&str>(r#"{"value":{"S":"tea"}}"#), Ok("tea"));
    assert!(read::<&str>(r#"{"value":{"S":"\"tea\""}}"#).is_err());
    #[derive(Deserialize, Debug)]
    struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
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
    check(BTreeMap::from([("a", 1e200)]), "value.a", "range");
    check(u128::MAX, "value", "38");
    check(Held::Inner(1, f64::NAN), "value.Inner[1]", "NaN");
    check(Held::Named { level: f64::NAN }, "value.Named.level", "NaN");
    check(Held::Value(f64::NAN), "value.Value", "NaN");
    check(Refusing, "value", "refused");
    check((0, Refusing), "value[1]", "refused");
    check(BTreeMap::from([("", 1)]), "value", "empty");
    check(
        BTreeMap::from([("x".repeat(65_536), 1)]),
        &format!("value.{}", "x".repeat(255)),
        "65535",
    );
    check(BTreeMap::from([((1, 2), 1)]), "value", "key of a map");
    check(BTreeMap::from([(Some("secret"), 1)]), "value", "key of a map");
    let rest = BTreeMap::from([("name".to_owned(), 1)]);
    check(Flat { name: 1, rest }, "value", "twice");
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Node(Vec<Node>);

#[test]
fn a_value_that_is_nested_too_deeply_is_an_error() {
    let nested = |depth| (1..depth).fold(Node(vec![]), |node, _| Node(vec![node]));
    let written = write(nested(32)).unwrap();
    assert_eq!(read::<Node>(&written).unwrap(), nested(32));
    let error = write(nested(33)).unwrap_err();
    assert!(error.is_too_deep() && error.path().unwrap().starts_with("value[0][0]"), "{error}");
    let deep = format!("{}{}", r#"{"L":["#.repeat(1000), "]}".repeat(1000));
    for error in [value::<Node>(&deep).unwrap_err(), value::<Loose>(&deep).unwrap_err()] {
        assert!(error.to_string().contains("too deeply"), "{error}");
    }
    /// A type that is around itself without end.
    #[derive(Deserialize, Debug)]
    struct Endless(#[allow(dead_code)] Option<Box<Endless>>);
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
