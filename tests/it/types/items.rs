//! An entity with every type, against the SDK's own serialiser and deserialiser.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue::{self, B, Bool, Bs, L, M, N, Ns, Null, S, Ss};
use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, Number, VersionBytes, VersionToken};
use proptest::collection::{btree_map, btree_set, hash_map, hash_set, vec};
use proptest::prelude::*;

use super::every::{Colour, Extent, Figure, Label, Payment, Place, Types};
use crate::codec_agrees_with_sdk::{Item, Sdk, floats, timestamps};

const DAY: i64 = 86_400;

/// The same item, by hand, as users of the SDK write it today; an empty set is left out.
#[expect(clippy::too_many_lines, reason = "a line for each row of the table")]
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
    let places = types.places.into_iter();
    let places =
        places.map(|(label, places)| (label.0, L(places.into_iter().map(place).collect())));
    let left_out = [
        ("names", texts(types.names.into_iter().collect())),
        ("texts", texts(types.texts.into_iter().collect())),
        ("numbers", numbers(types.numbers.iter().map(u32::to_string).collect())),
        ("decimals", numbers(types.decimals.iter().map(Number::to_string).collect())),
        ("binaries", (!blobs.is_empty()).then_some(Bs(blobs))),
        ("moments", texts(types.moments.iter().map(Timestamp::to_string).collect())),
        ("optional", types.optional.map(|optional| number(&optional))),
        (
            "optional_set",
            texts(
                types.optional_set.iter().flat_map(|set| set.iter().map(char::to_string)).collect(),
            ),
        ),
        ("last_payment", types.last_payment.map(payment)),
        ("depth", types.extent.depth.map(|depth| number(&depth))),
    ];
    let values = [
        ("id", text(&types.id)),
        ("text", S(types.text)),
        ("boxed", text(&types.boxed)),
        ("shared", text(&types.shared)),
        ("character", text(&types.character)),
        ("flag", Bool(types.flag)),
        ("i8", number(&types.i8)),
        ("i16", number(&types.i16)),
        ("i32", number(&types.i32)),
        ("i64", number(&types.i64)),
        ("i128", number(&types.i128)),
        ("u8", number(&types.u8)),
        ("u16", number(&types.u16)),
        ("u32", number(&types.u32)),
        ("u64", number(&types.u64)),
        ("u128", number(&types.u128)),
        ("f32", number(&types.f32)),
        ("f64", number(&types.f64)),
        ("binary", blob(&types.binary)),
        ("hash", blob(&types.hash)),
        ("borrowed_binary", blob(&types.borrowed_binary)),
        ("boxed_binary", blob(&types.boxed_binary)),
        ("shared_binary", blob(&types.shared_binary)),
        ("list", L(types.list.into_iter().map(|text| text.map_or(Null(true), S)).collect())),
        ("boxed_list", L(types.boxed_list.into_iter().map(Bool).collect())),
        ("shared_list", L(types.shared_list.iter().cloned().map(S).collect())),
        ("array", L(types.array.iter().map(|element| number(element)).collect())),
        (
            "tuple",
            L(vec![
                S(types.tuple.0),
                optional(types.tuple.1.map(|number| number.to_string())),
                Bool(types.tuple.2),
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
        ("boxed_number", number(&types.boxed_number)),
        ("shared_number", number(&types.shared_number)),
        ("secret", S(types.secret.into_inner())),
        ("number", number(&types.number)),
        ("at", text(&types.at)),
        ("embedding", L(types.embedding.as_array().iter().map(|value| number(value)).collect())),
        ("revision", number(&types.revision.number().unwrap())),
        ("token", text(&types.token.as_str().unwrap())),
        ("token_bytes", blob(types.token_bytes.as_bytes().unwrap())),
        ("any", types.any.into()),
        ("bytes", blob(&types.bytes)),
        ("chrono", S(types.chrono.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))),
        ("chrono_date", S(day[..10].to_owned())),
        ("jiff", S(format!("{:.6}", types.jiff))),
        (
            "jiff_date",
            at(
                jiff_date.year().into(),
                jiff_date.month().unsigned_abs().into(),
                jiff_date.day().unsigned_abs().into(),
            ),
        ),
        ("decimal", number(&types.decimal)),
        ("time", S(Timestamp::try_from(types.time).unwrap().to_string())),
        ("time_date", at(types.time_date.year().into(), month, types.time_date.day().into())),
        ("url", text(&types.url)),
        ("place", place(types.place)),
        ("places", M(places.collect())),
        ("colours", L(types.colours.iter().map(colour).collect())),
        ("figure", figure(&types.figure)),
        ("width", number(&types.extent.width)),
        ("payment", payment(types.payment)),
    ];
    left_out
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .chain(values)
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn place(place: Place) -> AttributeValue {
    let tags: Vec<_> = place.tags.into_iter().map(|tag| tag.0).collect();
    let number = place.number.map(|number| ("number".to_owned(), N(number.to_string())));
    let tags = (!tags.is_empty()).then(|| ("tags".to_owned(), Ss(tags)));
    let street = [("streetName".to_owned(), S(place.street_name))];
    M(street.into_iter().chain(number).chain(tags).collect())
}

fn colour(colour: &Colour) -> AttributeValue {
    let name = match colour {
        Colour::LightBlue => "light-blue",
        Colour::Red => "red",
    };
    S(name.to_owned())
}

fn figure(figure: &Figure) -> AttributeValue {
    let (kind, radius) = match figure {
        Figure::Point => ("Point", None),
        Figure::Circle { radius } => ("Circle", Some(("radius".to_owned(), N(radius.to_string())))),
    };
    M([("kind".to_owned(), S(kind.to_owned()))].into_iter().chain(radius).collect())
}

fn payment(payment: Payment) -> AttributeValue {
    serde_dynamo::to_attribute_value(payment).unwrap()
}

/// Sets in one order, and floats by value: `1E+20` and `100000000000000000000` are one.
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
    item.into_iter()
        .map(|(name, value)| match value {
            N(float) if name == "f64" => (name, N(float.parse::<f64>().unwrap().to_string())),
            value => (name, sorted(value)),
        })
        .collect()
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

fn label() -> impl Strategy<Value = Label> {
    "[a-zä ]{1,5}".prop_map(Label)
}

fn place_of_any_kind() -> impl Strategy<Value = Place> {
    (any::<String>(), any::<Option<u32>>(), btree_set(label(), 0..3))
        .prop_map(|(street_name, number, tags)| Place { street_name, number, tags })
}

fn payment_of_any_kind() -> impl Strategy<Value = Payment> {
    let limit = proptest::option::of(any::<i16>().prop_map(|limit| f32::from(limit) / 4.0));
    prop_oneof![
        Just(Payment::Free),
        any::<String>().prop_map(Payment::Voucher),
        any::<(u32, i8)>().prop_map(|(number, change)| Payment::Cash(number, change)),
        (any::<String>(), limit).prop_map(|(number, limit)| Payment::Card { number, limit }),
    ]
}

#[expect(clippy::too_many_lines, reason = "a line for each row of the table")]
fn types() -> impl Strategy<Value = Types> {
    let texts = (any::<char>(), any::<[String; 4]>(), any::<u128>(), any::<bool>());
    let integers = any::<(u8, u16, u32, u64, i8, i16, i32, i64)>();
    let single = any::<i16>().prop_map(|number| f32::from(number) / 8.0);
    let lists = (
        vec(any::<u8>(), 0..9),
        any::<[u8; 4]>(),
        vec(any::<bool>(), 0..4),
        any::<[i16; 3]>(),
        vec(any::<String>(), 0..3),
        vec(any::<Option<String>>(), 0..3),
        any::<(String, Option<u8>, bool)>(),
    );
    let limit = 10_i128.pow(38);
    let decimal = (1 - limit..limit, 0..limit.unsigned_abs(), numbers(), decimals());
    let maps = (
        btree_map(".{1,9}", any::<Option<i64>>(), 0..4),
        hash_map(any::<char>(), vec(btree_set(any::<u8>(), 0..3), 0..3), 0..3),
        btree_map(label(), vec(place_of_any_kind(), 0..3), 0..3),
    );
    let sets = (
        hash_set(any::<String>(), 0..4),
        btree_set(any::<u32>(), 0..4),
        btree_set(numbers(), 0..4),
        btree_set(vec(any::<u8>(), 0..5), 0..4),
        btree_set(timestamps(), 0..4),
        proptest::option::of(btree_set(any::<char>(), 1..3)),
        any::<Option<i64>>(),
    );
    let times = (moments(), moments(), moments(), timestamps(), "[a-z]{1,9}");
    let own = (
        place_of_any_kind(),
        payment_of_any_kind(),
        proptest::option::of(payment_of_any_kind()),
        vec(prop_oneof![Just(Colour::LightBlue), Just(Colour::Red)], 0..3),
        prop_oneof![Just(Figure::Point), any::<u32>().prop_map(|radius| Figure::Circle { radius })],
        any::<(u32, Option<u32>)>().prop_map(|(width, depth)| Extent { width, depth }),
    );
    (texts, integers, (single, floats()), lists, decimal, maps, sets, times, own).prop_map(
        |(texts, integers, floats, lists, decimal, maps, sets, times, own)| {
            let (character, [text, boxed, shared, secret], id, flag) = texts;
            let (jiff, chrono, time, at, host) = times;
            let jiff: jiff::Timestamp = jiff.try_into().unwrap();
            let chrono: chrono::DateTime<chrono::Utc> = chrono.try_into().unwrap();
            let time: time::OffsetDateTime = time.try_into().unwrap();
            let binary = lists.0;
            Types {
                id: uuid::Uuid::from_u128(id),
                text,
                boxed: boxed.into(),
                shared: shared.into(),
                character,
                flag,
                u8: integers.0,
                u16: integers.1,
                u32: integers.2,
                u64: integers.3,
                i8: integers.4,
                i16: integers.5,
                i32: integers.6,
                i64: integers.7,
                i128: decimal.0,
                u128: decimal.1,
                f32: floats.0,
                f64: floats.1,
                binary: binary.clone(),
                hash: lists.1,
                borrowed_binary: binary.clone().into(),
                boxed_binary: binary.clone().into(),
                shared_binary: binary.clone().into(),
                list: lists.5,
                boxed_list: lists.2.into(),
                shared_list: lists.4.clone().into(),
                array: lists.3,
                tuple: lists.6,
                eight: integers,
                map: maps.0,
                nested: maps.1,
                names: lists.4.into_iter().collect(),
                texts: sets.0,
                numbers: sets.1,
                decimals: sets.2,
                binaries: sets.3,
                moments: sets.4,
                optional: sets.6,
                optional_set: sets.5.map(Arc::new),
                boxed_number: integers.1.into(),
                shared_number: integers.1.into(),
                secret: Sensitive::new(secret),
                number: decimal.2,
                at,
                embedding: [floats.0, 0.1, -1.5].into(),
                revision: Version::new(integers.3),
                token: VersionToken::new(host.as_str()),
                token_bytes: VersionBytes::new(binary.clone()),
                any: AnyValue::L(vec![AnyValue::B(binary.clone()), AnyValue::Bool(flag)]),
                bytes: binary.into(),
                chrono_date: chrono.date_naive(),
                chrono,
                jiff_date: jiff::tz::Offset::UTC.to_datetime(jiff).date(),
                jiff,
                decimal: decimal.3,
                time_date: time.date(),
                time,
                url: format!("https://{host}.example/ä?{host}").parse().unwrap(),
                place: own.0,
                places: maps.2,
                payment: own.1,
                last_payment: own.2,
                colours: own.3,
                figure: own.4,
                extent: own.5,
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
