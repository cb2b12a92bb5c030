//! What does not fit is an error with a path and without the value, and never a panic.

use super::*;

fn decode_error(json: &str) -> DecodeError {
    decode_item::<Order>(json.as_bytes()).unwrap_err()
}

fn replaced(from: &str, to: &str) -> DecodeError {
    assert!(ORDER.contains(from), "{from}");
    decode_error(&ORDER.replacen(from, to, 1))
}

#[test]
fn a_wrong_type_is_named_and_the_value_is_not() {
    for (from, to, message) in [
        (
            r#"{"S":"o1"}"#,
            r#"{"N":"41"}"#,
            "`reference`: expected a string (S), found a number (N)",
        ),
        (
            r#"{"N":"1250"}"#,
            r#"{"S":"1250"}"#,
            "`total`: expected a number (N), found a string (S)",
        ),
        (
            r#"{"BOOL":true}"#,
            r#"{"NULL":true}"#,
            "`paid`: expected a boolean (BOOL), found null (NULL)",
        ),
        (
            r#"{"B":"AP8="}"#,
            r#"{"BS":["AP8="]}"#,
            "`receipt`: expected binary (B), found a binary set (BS)",
        ),
        (
            r#"{"N":"2"}"#,
            r#"{"M":{}}"#,
            "`lines[0].quantity`: expected a number (N), found a map (M)",
        ),
        (
            r#"{"M":{"product":{"S":"\"cake"#,
            r#"{"L":{"product":{"S":"\"cake"#,
            "`lines[1]`: expected a map (M), found a list (L)",
        ),
        (
            r#"{"S":"4111"}"#,
            r#"{"SS":["4111"]}"#,
            "`card`: expected a string (S), found a string set (SS)",
        ),
        (
            r#"{"S":"4111"}"#,
            r#"{"Q":"4111"}"#,
            "`card`: expected an attribute value, found no data type of DynamoDB",
        ),
        (
            r#"{"S":"4111"}"#,
            r#""4111""#,
            "`card`: expected an attribute value, found no data type of DynamoDB",
        ),
        (
            r#"{"S":"4111"}"#,
            "{}",
            "`card`: expected an attribute value, found no data type of DynamoDB",
        ),
    ] {
        let error = replaced(from, to);
        assert_eq!(error.to_string(), message);
        assert!(error.is_wrong_type());
        assert!(!format!("{error:?}").contains("41"), "{error:?}");
    }
}

#[test]
fn a_number_that_does_not_fit() {
    for (number, message) in [
        ("18446744073709551616", "`total`: the number is out of range for u64"),
        ("-1", "`total`: the number is out of range for u64"),
        ("1E400", "`total`: the number is out of range for any integer"),
        ("1.5", "`total`: expected a whole number, found a fraction"),
        ("1E-1", "`total`: expected a whole number, found a fraction"),
    ] {
        let error = replaced("1250", number);
        assert_eq!(error.to_string(), message);
        assert!(error.is_out_of_range());
    }
    for number in [
        "", " 1", "1 ", "+1", "01", "00", "1_000", "0x1", "NaN", "Infinity", "1e", "--1", "1.",
        ".1", "١",
    ] {
        assert_eq!(
            replaced("1250", number).to_string(),
            "`total`: the text of the number is no number",
            "{number}"
        );
    }
    assert!(decode::<u8>(r#"{"N":"256"}"#).unwrap_err().is_out_of_range());
    assert!(decode::<i8>(r#"{"N":"-129"}"#).unwrap_err().is_out_of_range());
    assert!(
        decode::<i128>(r#"{"N":"340282366920938463463374607431768211455"}"#)
            .unwrap_err()
            .is_out_of_range()
    );
    assert_eq!(decode(r#"{"N":"-170141183460469231731687303715884105728"}"#), Ok(i128::MIN));
    assert!(decode::<f64>(r#"{"N":"1E400"}"#).unwrap_err().is_out_of_range());
    assert!(decode::<f64>(r#"{"N":"1E-400"}"#).unwrap_err().is_out_of_range());
    assert!(decode::<f32>(r#"{"N":"1E100"}"#).unwrap_err().is_out_of_range());
    assert!(decode::<f32>(r#"{"N":"1E-100"}"#).unwrap_err().is_out_of_range());
    assert_eq!(decode(r#"{"N":"0E400"}"#), Ok(0.0));
    assert_eq!(decode(r#"{"N":"0E400"}"#), Ok(0.0_f32));
    assert!(decode::<f64>(r#"{"N":"inf"}"#).is_err());
    assert!(
        decode::<u64>(&format!(r#"{{"N":"{}"}}"#, "9".repeat(100_000)))
            .unwrap_err()
            .is_out_of_range()
    );
    assert!(decode::<u64>(r#"{"N":7}"#).unwrap_err().is_malformed());
}

#[test]
fn a_missing_attribute_is_named() {
    let error = replaced(r#""total":{"N":"1250"},"#, "");
    assert!(error.is_missing());
    assert_eq!(
        error.to_string(),
        "`total`: the attribute is missing; a field that older items lack has `#[dynamo(default)]`"
    );
    let error = replaced(r#","quantity":{"N":"1"}"#, "");
    assert_eq!(
        error.to_string(),
        "`lines[1].quantity`: the attribute is missing; a field that older items lack has `#[dynamo(default)]`"
    );
    assert_eq!(decode_error("{}").path(), Some("reference"));
}

#[test]
fn a_default_takes_the_place_of_a_missing_attribute() {
    let json = ORDER.replacen(r#""discount":{"N":"0.5"},"#, "", 1);
    assert_eq!(decode_item(json.as_bytes()), Ok(Order { discount: 0.0, ..order() }));
}

#[test]
fn a_duplicate_is_an_error_wherever_it_is() {
    for (duplicate, path) in [
        (r#"{"total":{"N":"1"},"#, "total"),
        (r#"{"\u0074otal":{"N":"1"},"#, "total"),
        (r#"{"x":{"S":"1"},"x":{"S":"1"},"#, "x"),
        (r#"{"x":{"S":"1"},"\u0078":{"S":"1"},"#, "x"),
        (r#"{"x":{"M":{"a":{"S":"1"},"b":{"S":"1"},"a":{"S":"1"}}},"#, "x.a"),
        (r#"{"x":{"M":{"a":{"S":"1"},"b":{"S":"1"},"b":{"S":"1"}}},"#, "x.b"),
        (r#"{"x":{"S":"1","S":"1"},"#, "x"),
        (
            r#"{"x":{"L":[{"S":"a"},{"M":{"y":{"L":[{"N":"1"},{"M":{"z":{},"z":{}}}]}}}]},"#,
            "x[1].y[1].z",
        ),
    ] {
        let error = decode_error(&ORDER.replacen('{', duplicate, 1));
        assert!(error.is_duplicate(), "{duplicate}: {error}");
        assert_eq!(error.path(), Some(path));
    }
}

#[test]
fn many_unknown_attributes_are_checked_for_duplicates() {
    let mut unknown: Vec<_> =
        (0..10_000).map(|number| format!(r#""x{number}":{{"N":"1"}}"#)).collect();
    let json = format!("{{{},{}", unknown.join(","), &ORDER[1..]);
    assert_eq!(decode_item(json.as_bytes()), Ok(order()));
    unknown.push(r#""x9999":{"N":"1"}"#.to_owned());
    let json = format!("{{{},{}", unknown.join(","), &ORDER[1..]);
    assert!(decode_error(&json).is_duplicate());
}

#[test]
fn broken_json_is_refused_in_values_that_are_read_and_that_are_skipped() {
    for value in [
        r#"{"S":"\x"}"#,
        r#"{"S":"\u12"}"#,
        r#"{"S":"\u+123"}"#,
        r#"{"S":"\ud800"}"#,
        r#"{"S":"\ud800\u0041"}"#,
        r#"{"S":"\udc00"}"#,
        r#"{"S":"\ud800\ud800"}"#,
        "{\"S\":\"\n\"}",
        "{\"S\":\"\u{0}\"}",
        r#"{"S":"a}"#,
        r#"{"S":}"#,
        r#"{"S"}"#,
        r#"{"S":"a",}"#,
        r#"{,"S":"a"}"#,
        r#"{"S":"a"]"#,
        r"{'S':'a'}",
        "{S:1}",
        "{\u{a0}\"S\":\"a\"}",
    ] {
        for json in [
            ORDER.replacen(r#"{"S":"o1"}"#, value, 1),
            ORDER.replacen('{', &format!(r#"{{"unknown":{value},"#), 1),
        ] {
            assert!(serde_json::from_str::<serde_json::Value>(&json).is_err(), "{json}");
            let error = decode_error(&json);
            assert!(error.is_malformed() || error.is_wrong_type(), "{json}: {error}");
        }
    }
    for value in [
        "01",
        "1.",
        ".1",
        "+1",
        "-",
        "tru",
        "nul",
        "[1,]",
        "[,1]",
        "[1 2]",
        r#"{"a" 1}"#,
        r#"{"a":1 "b":1}"#,
        "NaN",
        "1e",
        "--1",
    ] {
        let json = ORDER.replacen('{', &format!(r#"{{"unknown":{value},"#), 1);
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_err(), "{json}");
        assert!(decode_error(&json).is_malformed(), "{json}");
    }
}

#[test]
fn nothing_may_follow() {
    for end in ["x", "{}", ",", "\0", "}"] {
        let error = decode_error(&format!("{ORDER}{end}"));
        assert!(error.is_malformed(), "{end}");
        assert_eq!(error.offset(), ORDER.len());
    }
    assert!(decode_item::<Order>(format!(" \t\r\n{ORDER} \t\r\n").as_bytes()).is_ok());
}

#[test]
fn asking_on_after_the_end_is_no_panic() {
    let mut reader = Reader::new(b"{}}}").unwrap();
    let mut item = reader.item().unwrap();
    for _ in 0..3 {
        assert_eq!(item.next_name(), Ok(None));
    }
    assert!(item.next_name().unwrap_err().is_malformed());
}

#[test]
fn every_truncation_is_an_error() {
    let bool = ORDER.find("true").unwrap();
    for end in 0..ORDER.len() {
        let error = decode_error(&ORDER[..end]);
        assert!(error.is_malformed(), "{end}: {error}");
        let is_in_word = (bool + 1..bool + 4).contains(&end) || ORDER[..end].ends_with('\\');
        assert_eq!(error.to_string().ends_with("ends too early"), !is_in_word, "{end}: {error}");
    }
    assert_eq!(decode_error(&ORDER[..ORDER.find("tea").unwrap()]).path(), Some("lines[0].product"));
}

#[test]
fn every_changed_byte_is_read_or_refused() {
    for place in 0..ORDER.len() {
        for byte in
            [0, b' ', b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b'9', b'-', b'E', 0x80, 0xff]
        {
            let mut json = ORDER.as_bytes().to_vec();
            json[place] = byte;
            let decoded = decode_item::<Order>(&json);
            if serde_json::from_slice::<serde_json::Value>(&json).is_err() {
                assert!(decoded.is_err(), "{byte} at {place}");
            }
        }
    }
}

#[test]
fn text_that_is_not_utf8_has_its_place() {
    let mut json = ORDER.as_bytes().to_vec();
    let place = ORDER.find("tea").unwrap();
    json[place] = 0xff;
    let error = decode_item::<Order>(&json).unwrap_err();
    assert_eq!(error.to_string(), "`lines[0].product`: the text is not UTF-8");
    assert_eq!(error.offset(), place);
}

#[test]
fn base64_is_strict() {
    for text in ["A", "AP8", "AP8=\\n", "A P8", "AP8==", "AP9=", "_-8=", "===="] {
        assert_eq!(
            replaced("AP8=", text).to_string(),
            "`receipt`: the text of the binary is not Base64",
            "{text}"
        );
    }
}

#[test]
fn an_element_of_a_set_and_a_key_of_a_map_have_no_descriptor() {
    use std::collections::{BTreeMap, BTreeSet};

    for set in
        [r#"{"NS":[{"N":"1"}]}"#, r#"{"NS":["1",{"N":"2"}]}"#, r#"{"NS":[1]}"#, r#"{"NS":[null]}"#]
    {
        assert!(decode::<BTreeSet<u8>>(set).is_err(), "{set}");
    }
    assert!(decode::<BTreeSet<String>>(r#"{"SS":[{"S":"x"}]}"#).is_err());
    assert!(decode::<BTreeMap<String, bool>>(r#"{"M":{{"S":"x"}:{"BOOL":true}}}"#).is_err());
}

#[test]
fn deep_nesting_has_a_limit() {
    let nested = |depth: usize| {
        let (open, close) = (r#"{"L":["#.repeat(depth), "]}".repeat(depth));
        ORDER.replacen('{', &format!(r#"{{"deep":{open}{close},"#), 1)
    };
    assert!(decode_item::<Order>(nested(32).as_bytes()).is_ok());
    assert_eq!(
        decode_error(&nested(100_000)).to_string().split(": ").nth(1),
        Some("the JSON is nested too deeply")
    );
    for open in ["[", r#"{"a":"#, r#"{"M":{"a":"#] {
        let json = ORDER.replacen('{', &format!(r#"{{"deep":{}"#, open.repeat(1_000_000)), 1);
        assert!(decode_error(&json).is_malformed());
        assert!(equality::same_item(json.as_bytes(), json.as_bytes()).is_err());
    }
}

#[test]
fn a_time_that_is_none() {
    let error = replaced("2026-11-23T", "2026-02-30T");
    assert!(error.to_string().starts_with("`placed_at`: not a time in RFC 3339"), "{error}");
}

#[test]
fn attributes_may_be_named_like_descriptors_and_members() {
    let value = r#"{"S":{"M":{"L":{"L":[{"N":"1"},{"M":{"Item":{"N":"1"},"Item":{}}}]}}}}"#;
    let error = response::member_item::<Order>(format!(r#"{{"Item":{value}}}"#).as_bytes(), "Item")
        .unwrap_err();
    assert_eq!(error.path(), Some("Item.S.L[1].Item"));
    assert_eq!(decode_error(value).path(), Some("S.L[1].Item"));
}

#[test]
fn a_name_in_a_path_is_escaped_and_short() {
    let name = format!("\\n\u{202e}{}", "x".repeat(10_000));
    let error = decode_error(&format!(r#"{{"{name}":{{"S"}}}}"#));
    let path = error.path().unwrap();
    assert!(path.starts_with("\\n\\u{202e}xxx"), "{path}");
    assert_eq!(path.len(), 255);
}

#[test]
fn errors_in_batches_and_transactions_have_their_place() {
    let item = r#"{"a":{"S":"x"},"b":{"N":"y"}}"#;
    for (body, path) in [
        (format!(r#"{{"Responses":{{"orders":[{{}},{item}]}}}}"#), "Responses.orders[1].b"),
        (format!(r#"{{"Responses":[{{}},{{"Item":{item}}}]}}"#), "Responses[1].Item.b"),
        (
            format!(r#"{{"CancellationReasons":[{{"Code":"None"}},{{"Item":{item}}}]}}"#),
            "CancellationReasons[1].Item.b",
        ),
    ] {
        let offset = body.find(r#"{"N":"y"}"#).unwrap();
        assert_eq!(DecodeError::refused(offset, "no").locate(body.as_bytes()).path(), Some(path));
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes: Vec<u8>) {
        prop_assert!(decode_item::<Order>(&bytes).is_err());
        if let Err(error) = response::page::<Order>(&bytes, response::Expected::ANY) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn any_json_like_text(text in r#"[\[\]{}:," \\SNLM0-9a-]{0,40}"#) {
        let strict = Reader::new(text.as_bytes()).and_then(|mut reader| {
            reader.raw_value()?;
            reader.finish()
        });
        let valid = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        if valid {
            prop_assert!(strict.as_ref().map_or_else(DecodeError::is_duplicate, |()| true), "{strict:?}");
        } else {
            prop_assert!(strict.is_err());
        }
    }
}
