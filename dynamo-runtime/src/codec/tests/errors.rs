//! What an error is, and where.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{EncodeProblem, Problem};
use super::*;

#[test]
fn an_error_is_of_one_kind() {
    type Is = fn(&DecodeError) -> bool;
    let kinds: [(&str, Is); 8] = [
        ("missing", DecodeError::is_missing),
        ("key mismatch", DecodeError::is_key_mismatch),
        ("wrong type", DecodeError::is_wrong_type),
        ("out of range", DecodeError::is_out_of_range),
        ("unknown", DecodeError::is_unknown),
        ("of no entity", DecodeError::is_of_no_entity),
        ("duplicate", DecodeError::is_duplicate),
        ("malformed", DecodeError::is_malformed),
    ];
    let (expected, found) = (descriptor::Descriptor::Text, descriptor::Descriptor::Null);
    for (problem, kind) in [
        (Problem::NotUtf8, Some("malformed")),
        (Problem::Ended, Some("malformed")),
        (Problem::Expected("x"), Some("malformed")),
        (Problem::ControlCharacter, Some("malformed")),
        (Problem::InvalidEscape, Some("malformed")),
        (Problem::TrailingBytes, Some("malformed")),
        (Problem::TooDeep, Some("malformed")),
        (Problem::Duplicate, Some("duplicate")),
        (Problem::TwoNames { name: "x", alias: "y" }, Some("duplicate")),
        (Problem::Missing("x"), Some("missing")),
        (Problem::Disagrees("x"), Some("key mismatch")),
        (Problem::Unknown, Some("unknown")),
        (Problem::WrongType { expected, found }, Some("wrong type")),
        (Problem::UnknownType, Some("wrong type")),
        #[cfg(feature = "serde")]
        (Problem::Unfit { expected: "x".into(), found: "y" }, Some("wrong type")),
        #[cfg(feature = "serde")]
        (Problem::Unnamed { expected: &["x"] }, None),
        (Problem::NotANumber, None),
        (Problem::NotWhole, Some("out of range")),
        (Problem::OutOfRange("u8"), Some("out of range")),
        (Problem::NotBase64, None),
        (Problem::WrongLength { expected: 2, found: Some(1) }, None),
        (Problem::Refused("x"), None),
        (Problem::NoMember("x".into()), Some("of no entity")),
    ] {
        let error = DecodeError::new(0, problem);
        let is: Vec<_> = kinds.iter().filter(|(_, is)| is(&error)).map(|(kind, _)| *kind).collect();
        assert_eq!(is, Vec::from_iter(kind), "{error}");
    }
}

#[test]
fn an_error_of_writing_is_of_one_kind() {
    for (reason, is_number_out_of_range, is_item_too_large, is_too_deep) in [
        (EncodeProblem::NotFinite, true, false, false),
        (EncodeProblem::OutOfRange, true, false, false),
        (EncodeProblem::TooPrecise, true, false, false),
        (EncodeProblem::ItemTooLarge { size: 1 }, false, true, false),
        (EncodeProblem::TooDeep, false, false, true),
        (EncodeProblem::Refused("x"), false, false, false),
    ] {
        let error = EncodeError::new(reason);
        assert_eq!(error.is_number_out_of_range(), is_number_out_of_range, "{error}");
        assert_eq!(error.is_item_too_large(), is_item_too_large, "{error}");
        assert_eq!(error.is_too_deep(), is_too_deep, "{error}");
    }
}

/// Reads the attribute `a` of an item.
fn attribute<T: for<'de> Decode<'de>>(json: &str) -> Result<T, DecodeError> {
    let read = |reader: &mut Reader<'_>| {
        let mut item = reader.item()?;
        let mut field = Field::<Plain, T>::new();
        while let Some(name) = item.next_name()? {
            match name.as_bytes() {
                b"a" => item.field(&mut field)?,
                _ => item.skip(name)?,
            }
        }
        item.take(field, "a")
    };
    reader::read(json.as_bytes(), read).map_err(|error| error.locate_in_item(json.as_bytes()))
}

#[derive(Debug)]
struct Anything;

impl Decode<'_> for Anything {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.raw_value().map(|_| Self)
    }
}

#[test]
fn an_error_in_a_value_has_the_place_where_the_value_starts() {
    #[track_caller]
    fn check<T: for<'de> Decode<'de> + std::fmt::Debug>(value: &str, at: &str) {
        for (before, after) in
            [("{\"a\":", "}"), ("{ \"a\" : ", " }"), ("{\"b\":{\"S\":\"\"} ,\n\"a\":\t", "\r}")]
        {
            let json = format!("{before}{value}{after}");
            let error = attribute::<T>(&json).unwrap_err();
            assert_eq!(error.offset(), before.len() + value.rfind(at).unwrap(), "{json}: {error}");
        }
    }
    check::<u8>(r#"{"N":"256"}"#, "{");
    check::<u8>(r#"{"N": "256"}"#, "{");
    check::<u8>(r#"{ "N":"1.5"}"#, "{");
    check::<u8>(r#"{"N":"x"}"#, "{");
    check::<u8>(r#"{ "S" : "x"}"#, "{");
    check::<u8>(r#"{ "Q" : "x"}"#, "{");
    check::<f64>(r#"{ "N":"1E400"}"#, "{");
    check::<f32>(r#"{"N" :"1E400"}"#, "{");
    check::<bool>(r#"{"BOOL": 1 }"#, "1");
    check::<bool>(r#"{"NULL": true }"#, "{");
    check::<Option<u8>>(r#"{ "NULL" : false }"#, "false");
    check::<char>(r#"{"S": "ab"}"#, "{");
    check::<Vec<u8>>(r#"{"B": "x"}"#, "{");
    check::<[u16; 2]>(r#"{"L": []}"#, "{");
    check::<(u8, u8)>(r#"{"L":[{"N":"1"}]}"#, "{\"L");
    check::<Vec<u16>>(r#"{ "L" : [ {"N":"1"} , {"N":"x"} ] }"#, "{");
    check::<Vec<u16>>(r#"{ "L" : [ {"N":"1"} ; {"N":"2"} ] }"#, ";");
    check::<Timestamp>(r#"{"S": "yesterday"}"#, "{");
    check::<Version>(r#"{"N": "-1"}"#, "{");
    check::<Sensitive<u8>>(r#"{"N": "-1"}"#, "{");
    check::<BTreeSet<u8>>(r#"{"NS":["1", "2" , "1" ]}"#, "\"1");
    check::<BTreeSet<u8>>(r#"{"NS":["1", "2" , "x" ]}"#, "\"x");
    check::<BTreeSet<u8>>(r#"{"NS":["1", "2" , 1 ]}"#, "1");
    check::<BTreeMap<String, u8>>(r#"{"M":{ "k" : {"N":"-1"} }}"#, "{\"N");
    let value = r#"{"M":{"k":{"BOOL":true} , "k" :{"BOOL":true} }}"#;
    check::<BTreeMap<String, bool>>(value, "\"k");
    let value = r#"{"M":{"k":{"BOOL":true} , "kk" :{"BOOL":true} }}"#;
    check::<BTreeMap<char, bool>>(value, "\"kk");
    check::<Line>(r#"{"M": { "product":{"S":"tea"} }}"#, "{ \"product");
    check::<Line>(r#"{"M": { "x" : 1 , "x" : 1}}"#, "\"x");
    check::<Anything>(r#"{"S": "\udc00" }"#, "\\udc00");
}

#[test]
fn a_path_that_an_error_has_is_kept_but_for_what_is_sensitive() {
    /// An item in a text.
    #[derive(Debug)]
    struct Embedded;

    impl Decode<'_> for Embedded {
        fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
            let text = reader.string()?;
            let older = DecodeError::refused(0, "nor this");
            decode_item::<Line>(text.as_bytes()).map_err(|error| error.with_older(older))?;
            Ok(Self)
        }
    }

    let json = r#"{ "a" : {"S":"{\"product\":{\"N\":\"1\"}}"} }"#;
    let error = attribute::<Embedded>(json).unwrap_err();
    assert_eq!(error.path(), Some("product"));
    assert!(error.older().is_some());
    let error = attribute::<Sensitive<Embedded>>(json).unwrap_err();
    assert_eq!(error.path(), Some("a"));
    assert_eq!(error.offset(), json.find("{\"S").unwrap());
    assert_eq!(error.older(), None);
}
