//! Keys that a type reads in more than one spelling, and writes in one.

use dynamo_runtime::Number;
use dynamo_runtime::codec::{DecodeError, decode_item, encode_item};
use dynamo_runtime::prelude::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct DeviceId(Uuid);

#[derive(KeyPart, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[dynamo(rename_all = "lowercase")]
enum Color {
    Red,
    Green,
}

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
enum Open {
    Known,
    #[dynamo(other)]
    Other(String),
}

/// An entity with this key, and what reads an item of it.
macro_rules! keyed {
    ($($name:ident: $ty:ty;)*) => {$(
        mod $name {
            use super::*;

            #[derive(Entity, Clone, Debug, PartialEq)]
            #[dynamo(table = "things", index(by_owner, name = "owner-index", partition_key = owner))]
            struct Thing {
                #[dynamo(partition_key)]
                id: $ty,
                #[dynamo(sort_key)]
                at: $ty,
                owner: Option<$ty>,
                note: Option<$ty>,
            }

            #[derive(Projection, Debug)]
            #[dynamo(of = Thing)]
            struct Id {
                id: $ty,
            }

            /// The values of `id`, `at` and `owner` that are written again after they were read.
            pub(super) fn again(item: &Value) -> Result<Value, DecodeError> {
                let json = item.to_string();
                let thing = decode_item::<Thing>(json.as_bytes())?;
                // What finds the item is what was read of it.
                let key = thing.to_key();
                assert_eq!((&key.id, &key.at), (&thing.id, &thing.at));
                let id = decode_item::<Id>(json.as_bytes())?;
                assert_eq!(id.id, thing.id);
                Ok(serde_json::from_slice(&encode_item(&thing).unwrap()).unwrap())
            }

            pub(super) fn id_of_a_projection(item: &Value) -> Result<(), DecodeError> {
                decode_item::<Id>(item.to_string().as_bytes()).map(|_| ())
            }
        }
    )*

        /// Each type, with what reads and writes an item of it.
        const TYPES: &[(&str, Again, fn(&Value) -> Result<(), DecodeError>)] =
            &[$((stringify!($name), $name::again, $name::id_of_a_projection)),*];
    };
}

type Again = fn(&Value) -> Result<Value, DecodeError>;

keyed! {
    texts: String;
    characters: char;
    uuids: Uuid;
    newtypes: DeviceId;
    timestamps: Timestamp;
    chrono_times: chrono::DateTime<chrono::Utc>;
    chrono_dates: chrono::NaiveDate;
    jiff_times: jiff::Timestamp;
    jiff_dates: jiff::civil::Date;
    time_times: time::OffsetDateTime;
    time_dates: time::Date;
    enums: Color;
    open_enums: Open;
    small_integers: u8;
    integers: i64;
    wide_integers: u128;
    numbers: Number;
    decimals: rust_decimal::Decimal;
    binaries: Vec<u8>;
    arrays: [u8; 2];
    byte_strings: ::bytes::Bytes;
}

fn types(names: &[&str]) -> Vec<(&'static str, Again)> {
    let all = TYPES.iter().filter(|(name, ..)| names.contains(name));
    let all: Vec<_> = all.map(|(name, again, _)| (*name, *again)).collect();
    assert_eq!(all.len(), names.len());
    all
}

const UUIDS: [&str; 2] = ["uuids", "newtypes"];
const TIMES: [&str; 4] = ["timestamps", "chrono_times", "jiff_times", "time_times"];

#[test]
fn a_key_in_another_spelling_is_refused_where_it_stands() {
    let uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let time = "2026-11-23T19:55:13.120000Z";
    for (names, written, others) in [
        (
            &UUIDS[..],
            uuid,
            vec!["67E55044-10B1-426F-9247-BB680E5FE0C8".to_owned(), uuid.replace("e5", "E5")],
        ),
        (
            &TIMES[..],
            time,
            [
                "2026-11-23T19:55:13.12Z",
                "2026-11-23T19:55:13.120Z",
                "2026-11-23T19:55:13.120000000Z",
                "2026-11-23T19:55:13.120000+00:00",
                "2026-11-23T20:55:13.120000+01:00",
                "2026-11-23t19:55:13.120000z",
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
    ] {
        for (name, again) in types(names) {
            let right =
                json!({"id": {"S": written}, "at": {"S": written}, "owner": {"S": written}});
            assert_eq!(again(&right), Ok(right.clone()), "{name}");
            for other in &others {
                for attribute in ["id", "at", "owner"] {
                    let mut item = right.clone();
                    item[attribute]["S"] = json!(other);
                    let error = again(&item).unwrap_err();
                    assert!(error.is_key_mismatch(), "{name}: {other}: {error}");
                    assert_eq!(error.path(), Some(attribute));
                    assert!(!error.to_string().contains(other.as_str()), "{error}");
                }
                // What is no key is read in any spelling.
                let mut item = right.clone();
                item["note"] = json!({"S": other});
                assert_eq!(again(&item).unwrap()["note"], right["id"], "{name}");
            }
        }
    }
}

#[test]
fn a_projection_refuses_it_too() {
    for (name, _, id) in TYPES.iter().filter(|(name, ..)| UUIDS.contains(name)) {
        let error = id(&json!({"id": {"S": "67E55044-10B1-426F-9247-BB680E5FE0C8"}})).unwrap_err();
        assert!(error.is_key_mismatch(), "{name}: {error}");
    }
}

#[test]
fn an_absent_key_of_an_index_is_read() {
    for (name, again) in types(&UUIDS) {
        let id = json!({"S": "67e55044-10b1-426f-9247-bb680e5fe0c8"});
        for item in
            [json!({"id": id, "at": id}), json!({"id": id, "at": id, "owner": {"NULL": true}})]
        {
            assert_eq!(again(&item), Ok(json!({"id": id, "at": id})), "{name}");
        }
    }
}

/// A text that some type may read.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
        "[0-9a-f]{32}",
        "20[0-9]{2}-0[1-9]-1[0-9][tT]1[0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,10})?([zZ]|[+-]0[0-9]:[0-5][0-9])",
        "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9])",
        "[rR]ed|green|Green|Known|known|Other",
        ".",
        any::<String>(),
    ]
}

/// Whether DynamoDB holds both for one key: numbers by their value.
fn same(left: &Value, right: &Value) -> bool {
    let number = |value: &Value| Some(value["N"].as_str()?.parse::<Number>().unwrap());
    left == right || (number(left).is_some() && number(left) == number(right))
}

proptest! {
    #[test]
    fn what_is_read_as_a_key_is_written_as_the_same_key(
        text in text(),
        number in "-?(0|[1-9][0-9]{0,3}|[1-9][0-9]{18,20})(\\.[0-9]{1,2})?(E-?[0-9])?",
        bytes in proptest::collection::vec(any::<u8>(), 0..4),
    ) {
        let binary = base64_simd::STANDARD.encode_to_string(&bytes);
        for value in [json!({"S": text}), json!({"N": number}), json!({"B": binary})] {
            let item = json!({"id": value, "at": value, "owner": value});
            for (name, again, _) in TYPES {
                if let Ok(written) = again(&item) {
                    for attribute in ["id", "at", "owner"] {
                        prop_assert!(same(&written[attribute], &value), "{name}: {written} for {item}");
                    }
                }
            }
        }
    }
}

/// The table as another program writes it.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "devices", allow(unconditional_put))]
struct Foreign {
    #[dynamo(partition_key)]
    id: String,
    name: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "devices", allow(scan))]
struct Device {
    #[dynamo(partition_key)]
    id: DeviceId,
    name: String,
}

#[tokio::test]
async fn an_item_under_another_spelling_is_an_error_and_no_gap() {
    let client = crate::engine::client().table::<Device>().build().await;
    let id = DeviceId(Uuid::from_u128(0xABCD));
    for id in [id.0.to_string(), id.0.to_string().to_uppercase()] {
        let foreign = Foreign { id, name: "phone".to_owned() };
        Foreign::put_unconditionally(foreign).send(&client).await.unwrap();
    }
    let mut items = Device::scan().items(&client);
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    while let Some(item) = items.next().await {
        match item {
            Ok(device) => found.push(device),
            Err(error) => refused.push(error),
        }
    }
    let device = Device { id: id.clone(), name: "phone".to_owned() };
    assert_eq!(found, std::slice::from_ref(&device));
    assert_eq!(Device::get(device.to_key()).send(&client).await.unwrap(), Some(device));
    let [error] = refused.as_slice() else { panic!("{refused:?}") };
    assert!(error.is_decode() && error.path().unwrap().contains("].id"), "{error}");
}
