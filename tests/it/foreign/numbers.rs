//! Numbers that serde is given, and times that are finer than ours.

use dynamo_runtime::Number;
use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Document, Debug, PartialEq)]
struct Loose {
    #[dynamo(serde)]
    value: Value,
}

fn item(number: &str) -> String {
    format!(r#"{{"value":{{"L":[{{"N":"1"}},{{"N":"{number}"}}]}}}}"#)
}

#[test]
fn a_number_that_a_float_would_round_is_refused_with_its_path() {
    for number in [
        "18446744073709551616",
        "18446744073709551617",
        "-9223372036854775809",
        "0.12345678901234567",
        "9007199254740993.5",
        "99999999999999999999999999999999999999",
        "-99999999999999999999999999999999999999",
        "1.00000000000000000000000000001",
    ] {
        let error = decode_item::<Loose>(item(number).as_bytes()).unwrap_err();
        assert_eq!(error.path(), Some("value[1]"), "{number}: {error}");
        assert!(!error.to_string().contains(number), "{error}");
    }
}

#[test]
fn a_number_that_is_written_as_it_was_read_is_kept() {
    for number in ["18446744073709551615", "-9223372036854775808", "0.1", "1E20", "-2.5", "1E-130"]
    {
        let read = decode_item::<Loose>(item(number).as_bytes()).unwrap();
        let written: Value = serde_json::from_slice(&encode_item(&read).unwrap()).unwrap();
        let written = written["value"]["L"][1]["N"].as_str().unwrap();
        assert_eq!(written.parse::<Number>().unwrap(), number.parse::<Number>().unwrap());
    }
}

/// A type that takes whatever number there is.
#[derive(Debug, PartialEq)]
struct Wide(i128);

impl<'de> Deserialize<'de> for Wide {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Wide;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a whole number")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Wide, E> {
                Ok(Wide(number.into()))
            }

            fn visit_i128<E>(self, number: i128) -> Result<Wide, E> {
                Ok(Wide(number))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl Serialize for Wide {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i128(self.0)
    }
}

#[derive(Document, Debug, PartialEq)]
struct Sum {
    #[dynamo(serde)]
    value: Wide,
}

#[test]
fn a_type_that_takes_128_bits_is_given_them() {
    for number in
        [7, 18_446_744_073_709_551_617, -99_999_999_999_999_999_999_999_999_999_999_999_999]
    {
        let json = format!(r#"{{"value":{{"N":"{number}"}}}}"#);
        let read = decode_item::<Sum>(json.as_bytes()).unwrap();
        assert_eq!(read.value, Wide(number));
        assert_eq!(encode_item(&read).unwrap(), json.as_bytes());
    }
}

#[test]
fn of_two_shortest_texts_of_a_float_either_is_read() {
    let read = decode_item::<Loose>(item("880000000000081.3").as_bytes()).unwrap();
    let written: Value = serde_json::from_slice(&encode_item(&read).unwrap()).unwrap();
    assert_eq!(written["value"]["L"][1]["N"], "880000000000081.2");
    assert_eq!("880000000000081.2".parse::<f64>(), "880000000000081.3".parse::<f64>());
}

proptest! {
    #[test]
    fn what_is_read_through_serde_is_written_as_the_same_number(
        number in "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,15})?(E-?[0-9]{1,2})?"
    ) {
        prop_assume!(number.parse::<Number>().is_ok());
        if let Ok(read) = decode_item::<Loose>(item(&number).as_bytes()) {
            let written: Value = serde_json::from_slice(&encode_item(&read).unwrap()).unwrap();
            let written = written["value"]["L"][1]["N"].as_str().unwrap();
            if written.parse::<Number>().unwrap() != number.parse::<Number>().unwrap() {
                // Two shortest texts are equally near to the float: `Display` wrote the other.
                let float: f64 = number.parse().unwrap();
                prop_assert_eq!(written.parse::<f64>().map(f64::to_bits), Ok(float.to_bits()));
                let displayed: Number = format!("{float:e}").parse().unwrap();
                prop_assert_eq!(displayed, number.parse::<Number>().unwrap());
            }
        }
    }
}

#[derive(Document, Debug, PartialEq)]
struct Times {
    ours: Option<Timestamp>,
    chrono: Option<chrono::DateTime<chrono::Utc>>,
    jiff: Option<jiff::Timestamp>,
    time: Option<time::OffsetDateTime>,
}

const TYPES: [&str; 4] = ["ours", "chrono", "jiff", "time"];

fn time(field: &str, text: &str) -> Result<Times, dynamo_runtime::codec::DecodeError> {
    decode_item(json!({ field: { "S": text } }).to_string().as_bytes())
}

/// As Go, Java and others write them.
const NANOS: &str = "2026-11-23T19:55:13.123456789Z";

#[test]
fn nine_digits_are_read_by_what_holds_nine_and_refused_by_what_does_not() {
    let error = time("ours", NANOS).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`ours`: the time is finer than a microsecond, and would be rounded"
    );
    for field in &TYPES[1..] {
        let read = time(field, NANOS).unwrap();
        let nanos = [
            read.chrono.map(|time| i128::from(time.timestamp_nanos_opt().unwrap())),
            read.jiff.map(jiff::Timestamp::as_nanosecond),
            read.time.map(time::OffsetDateTime::unix_timestamp_nanos),
        ];
        let nanos: Vec<_> = nanos.into_iter().flatten().collect();
        assert_eq!(nanos, [1_795_463_713_123_456_789], "{field}");
        let error = encode_item(&read).unwrap_err();
        assert_eq!(error.path(), Some(*field));
        assert!(error.to_string().contains("would be rounded"), "{error}");
    }
}

#[test]
fn digits_that_say_nothing_are_read_and_more_than_nine_are_refused() {
    for field in TYPES {
        let six = time(field, "2026-11-23T19:55:13.123456Z").unwrap();
        for text in ["2026-11-23T19:55:13.123456000Z", "2026-11-23T20:55:13.1234560+01:00"] {
            assert_eq!(time(field, text).as_ref(), Ok(&six), "{field}: {text}");
        }
        for text in ["2026-11-23T19:55:13.1234567891Z", "2026-11-23T19:55:13.1234560000Z"] {
            assert!(time(field, text).is_err(), "{field}: {text}");
        }
    }
}
