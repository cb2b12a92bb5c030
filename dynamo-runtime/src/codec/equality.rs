//! Whether DynamoDB holds two values to be equal, whatever type they are read as.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::descriptor::Descriptor;
use super::error::{DecodeError, Problem};
use super::member::member;
use super::number::Decimal;
use super::reader::{Reader, read};

/// Whether two items are equal: the order of attributes and of a set's elements does not matter,
/// and numbers are compared by value.
pub(crate) fn same_item(left: &[u8], right: &[u8]) -> Result<bool, DecodeError> {
    same(left, right, attributes)
}

/// Whether two attribute values are equal.
pub(crate) fn same_value(left: &[u8], right: &[u8]) -> Result<bool, DecodeError> {
    same(left, right, CanonicalValue::decode)
}

/// The order that DynamoDB has of two values, if it has one: text and binary by their bytes, and
/// numbers by value.
///
/// Source: [Condition and filter expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html)
/// and [Naming rules and data types](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).
pub(crate) fn stored_order(left: &[u8], right: &[u8]) -> Option<Ordering> {
    let decode = |json| read(json, CanonicalValue::decode).ok();
    match (decode(left)?, decode(right)?) {
        (CanonicalValue::Text(left), CanonicalValue::Text(right)) => Some(left.cmp(&right)),
        (CanonicalValue::Binary(left), CanonicalValue::Binary(right)) => Some(left.cmp(&right)),
        (CanonicalValue::Number(left), CanonicalValue::Number(right)) => {
            Some(Decimal::parse(&left)?.cmp(&Decimal::parse(&right)?))
        }
        _ => None,
    }
}

/// Whether a text or binary begins with another one.
pub(crate) fn begins_with(value: &[u8], prefix: &[u8]) -> bool {
    let decode = |json| read(json, CanonicalValue::decode).ok();
    match (decode(value), decode(prefix)) {
        (Some(CanonicalValue::Text(value)), Some(CanonicalValue::Text(prefix))) => {
            value.starts_with(&*prefix)
        }
        (Some(CanonicalValue::Binary(value)), Some(CanonicalValue::Binary(prefix))) => {
            value.starts_with(&prefix)
        }
        _ => false,
    }
}

/// The named attributes of an item, its key, in one spelling: the bytes are equal for equal keys.
pub(crate) fn canonical_key(
    item: &[u8],
    names: impl IntoIterator<Item = &'static str>,
) -> Result<Vec<u8>, DecodeError> {
    let mut key = Vec::with_capacity(item.len());
    for name in names {
        let json =
            attribute_of(item, name)?.ok_or_else(|| DecodeError::new(0, Problem::Missing(name)))?;
        let value = read(json, CanonicalValue::decode).map_err(|error| error.within(name))?;
        let (descriptor, bytes) = match &value {
            CanonicalValue::Text(text) => (b'S', text.as_bytes()),
            CanonicalValue::Number(number) => (b'N', number.as_bytes()),
            CanonicalValue::Binary(bytes) => (b'B', bytes.as_slice()),
            _ => {
                let error = DecodeError::refused(0, "a key is text, a number or binary");
                return Err(error.within(name));
            }
        };
        key.push(descriptor);
        key.extend_from_slice(&bytes.len().to_be_bytes());
        key.extend_from_slice(bytes);
    }
    Ok(key)
}

/// The JSON of one attribute of an item, as it is.
pub(crate) fn attribute_of<'de>(
    item: &'de [u8],
    name: &str,
) -> Result<Option<&'de [u8]>, DecodeError> {
    read(item, |reader| member(reader, name, Reader::raw_value))
        .map_err(|error| error.locate_in_item(item))
}

/// The JSON of the attribute that a path leads to, as it is; `steps` go on from the attribute `root`.
pub(crate) fn nested_attribute_of<'de>(
    item: &'de [u8],
    root: &str,
    steps: &[ValueStep<'_>],
) -> Result<Option<&'de [u8]>, DecodeError> {
    read(item, |item| nested(item, root, steps, Reader::raw_value))
        .map_err(|error| error.locate_in_item(item))
}

/// What `decode` reads of the attribute that a path leads to, if it is there.
pub(crate) fn nested<'de, T>(
    item: &mut Reader<'de>,
    root: &str,
    steps: &[ValueStep<'_>],
    decode: fn(&mut Reader<'de>) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    Ok(member(item, root, |value| inside(value, steps, decode))?.flatten())
}

/// A step from a value to one inside of it.
pub(crate) enum ValueStep<'a> {
    Name(&'a str),
    Index(usize),
}

fn inside<'de, T>(
    reader: &mut Reader<'de>,
    steps: &[ValueStep<'_>],
    decode: fn(&mut Reader<'de>) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    let Some((step, rest)) = steps.split_first() else { return decode(reader).map(Some) };
    let mut found = None;
    match (reader.descriptor()?, step) {
        (Descriptor::Map, ValueStep::Name(name)) => {
            found = member(reader, name, |value| inside(value, rest, decode))?.flatten();
        }
        (Descriptor::List, ValueStep::Index(index)) => {
            let mut next = 0;
            reader.array(|reader| {
                if next == *index {
                    found = inside(reader, rest, decode)?;
                } else {
                    reader.skip_value()?;
                }
                next += 1;
                Ok(())
            })?;
        }
        // Nothing is in there.
        _ => reader.skip_value()?,
    }
    reader.close()?;
    Ok(found)
}

fn same<'a, T: PartialEq>(
    left: &'a [u8],
    right: &'a [u8],
    decode: fn(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<bool, DecodeError> {
    let decode = |json| read(json, decode).map_err(|error| error.locate_in_item(json));
    Ok(decode(left)? == decode(right)?)
}

type Attributes<'a> = BTreeMap<Cow<'a, str>, CanonicalValue<'a>>;

/// An attribute value in a form in which equal values are equal.
#[derive(PartialEq)]
enum CanonicalValue<'a> {
    Text(Cow<'a, str>),
    /// In its one spelling.
    Number(String),
    Binary(Vec<u8>),
    Boolean(bool),
    Null,
    List(Vec<CanonicalValue<'a>>),
    Map(Attributes<'a>),
    TextSet(BTreeSet<Cow<'a, str>>),
    NumberSet(BTreeSet<String>),
    BinarySet(BTreeSet<Vec<u8>>),
}

/// Reads a value, which must be one that DynamoDB can hold, and gives its type.
pub(super) fn type_of_value(reader: &mut Reader<'_>) -> Result<Descriptor, DecodeError> {
    let start = reader.position();
    let found = reader.descriptor()?;
    reader.seek(start);
    CanonicalValue::decode(reader).map(|_| found)
}

/// Reads an item, whose values must be ones that DynamoDB can hold, and gives its names.
pub(super) fn names_of_item<'a>(reader: &mut Reader<'a>) -> Result<Vec<Cow<'a, str>>, DecodeError> {
    Ok(attributes(reader)?.into_keys().collect())
}

fn attributes<'a>(reader: &mut Reader<'a>) -> Result<Attributes<'a>, DecodeError> {
    let mut attributes = Attributes::new();
    let mut item = reader.item()?;
    while let Some(name) = item.next_name()? {
        let mut value = None;
        item.fill(&mut value, CanonicalValue::decode)?;
        if let Some(value) = value
            && attributes.insert(name, value).is_some()
        {
            return Err(item.duplicate());
        }
    }
    Ok(attributes)
}

impl<'a> CanonicalValue<'a> {
    fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let value = match reader.descriptor()? {
            Descriptor::Null => {
                reader.null_content()?;
                return Ok(Self::Null);
            }
            Descriptor::Text => Self::Text(reader.json_string()?),
            Descriptor::Number => Self::Number(number(reader)?),
            Descriptor::Binary => Self::Binary(reader.json_base64()?),
            Descriptor::Boolean => Self::Boolean(reader.json_bool()?),
            Descriptor::List => {
                let mut elements = Vec::new();
                reader.array(|reader| {
                    elements.push(Self::decode(reader)?);
                    Ok(())
                })?;
                Self::List(elements)
            }
            Descriptor::Map => Self::Map(attributes(reader)?),
            Descriptor::TextSet => Self::TextSet(set(reader, Reader::json_string)?),
            Descriptor::NumberSet => Self::NumberSet(set(reader, number)?),
            Descriptor::BinarySet => Self::BinarySet(set(reader, Reader::json_base64)?),
        };
        reader.close()?;
        Ok(value)
    }
}

fn number(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
    let start = reader.position();
    let text = reader.json_string()?;
    match Decimal::parse(&text) {
        Some(number) => Ok(number.to_string()),
        None => Err(DecodeError::new(start, Problem::NotANumber)),
    }
}

fn set<'a, T: Ord>(
    reader: &mut Reader<'a>,
    element: fn(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<BTreeSet<T>, DecodeError> {
    let mut elements = BTreeSet::new();
    reader.array(|reader| {
        let start = reader.position();
        if !elements.insert(element(reader)?) {
            return Err(DecodeError::refused(start, "the element stands twice in its set"));
        }
        Ok(())
    })?;
    Ok(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn equal(left: &str, right: &str) -> bool {
        same_value(left.as_bytes(), right.as_bytes()).unwrap()
    }

    #[test]
    fn equal_values_in_other_words() {
        for (left, right) in [
            (r#"{"S":"a"}"#, r#" { "S" : "\u0061" } "#),
            (r#"{"N":"1.0"}"#, r#"{"N":"10E-1"}"#),
            (
                r#"{"N":"12345678901234567890123456789012345678"}"#,
                r#"{"N":"1.2345678901234567890123456789012345678E37"}"#,
            ),
            (r#"{"NS":["1","2.0"]}"#, r#"{"NS":["2","1.00"]}"#),
            (r#"{"SS":["a","b"]}"#, r#"{"SS":["b","a"]}"#),
            (r#"{"BS":["AQ==","Ag=="]}"#, r#"{"BS":["Ag==","AQ=="]}"#),
            (r#"{"B":"AQ=="}"#, r#"{"B":"\u0041Q=="}"#),
            (
                r#"{"M":{"a":{"N":"1"},"b":{"BOOL":true}}}"#,
                r#"{"M":{"b":{"BOOL":true},"a":{"N":"1.0"}}}"#,
            ),
            (r#"{"L":[{"NULL":true},{"L":[]}]}"#, r#"{"L":[{"NULL":true},{"L":[]}]}"#),
        ] {
            assert!(equal(left, right), "{left} {right}");
            assert!(equal(right, left), "{right} {left}");
        }
    }

    #[test]
    fn different_values() {
        for (left, right) in [
            (r#"{"S":"1"}"#, r#"{"N":"1"}"#),
            (r#"{"S":"a"}"#, r#"{"S":"A"}"#),
            (r#"{"N":"9007199254740992"}"#, r#"{"N":"9007199254740993"}"#),
            (r#"{"N":"1"}"#, r#"{"N":"-1"}"#),
            (r#"{"L":[{"N":"1"},{"N":"2"}]}"#, r#"{"L":[{"N":"2"},{"N":"1"}]}"#),
            (r#"{"SS":["a"]}"#, r#"{"SS":["a","b"]}"#),
            (r#"{"M":{"a":{"N":"1"}}}"#, r#"{"M":{"b":{"N":"1"}}}"#),
            (r#"{"BOOL":true}"#, r#"{"BOOL":false}"#),
            (r#"{"B":"AQ=="}"#, r#"{"B":"Ag=="}"#),
        ] {
            assert!(!equal(left, right), "{left} {right}");
        }
    }

    #[test]
    fn the_order_of_attributes_does_not_matter() {
        let left = br#"{"a":{"N":"1"},"b":{"S":"x"}}"#;
        let right = br#"{"b":{"S":"x"},"a":{"N":"1e0"}}"#;
        assert_eq!(same_item(left, right), Ok(true));
        assert_eq!(same_item(left, br#"{"a":{"N":"1"}}"#), Ok(false));
    }

    #[test]
    fn what_is_no_item_is_an_error() {
        for json in [
            r#"{"a":{"N":"x"}}"#,
            r#"{"a":{"S":"x"},"a":{"S":"x"}}"#,
            r#"{"a":{"SS":["x","x"]}}"#,
            r#"{"a":{"NS":["1","1.0"]}}"#,
            r#"{"a":{"B":"A"}}"#,
            r#"{"a":{"NULL":false}}"#,
            r#"{"a":{"X":"x"}}"#,
            r#"{"a":{}}"#,
            r#"{"a":"x"}"#,
            r#"{"a":{"S":"x","N":"1"}}"#,
        ] {
            let error = same_item(json.as_bytes(), b"{}").unwrap_err();
            assert!(error.path().is_some_and(|path| path.starts_with('a')), "{json}: {error}");
        }
    }

    #[test]
    fn a_key_has_one_spelling() {
        let key = |item: &str| canonical_key(item.as_bytes(), ["a", "b"]);
        let one = key(r#"{"a":{"S":"x"},"b":{"N":"1"},"c":{"BOOL":true}}"#).unwrap();
        assert_eq!(key(r#"{ "b":{"N":"1.0"}, "a":{"S":"\u0078"} }"#).unwrap(), one);
        for other in [
            r#"{"a":{"S":"x"},"b":{"N":"2"}}"#,
            r#"{"a":{"S":"x"},"b":{"S":"1"}}"#,
            r#"{"a":{"B":"eA=="},"b":{"N":"1"}}"#,
        ] {
            assert_ne!(key(other).unwrap(), one, "{other}");
        }
        // The parts do not run into each other.
        let parts =
            |a: &str, b: &str| key(&format!(r#"{{"a":{{"S":"{a}"}},"b":{{"S":"{b}"}}}}"#)).unwrap();
        assert_ne!(parts("xS", "y"), parts("x", "Sy"));
        assert!(key(r#"{"a":{"S":"x"}}"#).unwrap_err().is_missing());
        for wrong in [r#"{"BOOL":true}"#, r#"{"N":"x"}"#, r#"{"Q":"x"}"#, "1"] {
            let error = key(&format!(r#"{{"a":{{"S":"x"}},"b":{wrong}}}"#)).unwrap_err();
            assert_eq!(error.path(), Some("b"), "{error}");
        }
        assert_eq!(key(r#"{"a":{"S":"x"},"b":{"S":}}"#).unwrap_err().path(), Some("b"));
    }

    #[test]
    fn one_attribute_of_an_item() {
        const ITEM: &[u8] = br#"{"product":{"S":"tea"},"quantity":{"N":"2"}}"#;
        assert_eq!(attribute_of(ITEM, "quantity"), Ok(Some(&br#"{"N":"2"}"#[..])));
        assert_eq!(attribute_of(ITEM, "price"), Ok(None));
        assert!(attribute_of(&ITEM[..ITEM.len() - 1], "product").is_err());
        let broken = attribute_of(br#"{"product":{"S":"tea"},"quantity":{"N":}}"#, "product");
        assert_eq!(broken.unwrap_err().path(), Some("quantity"));
    }

    #[test]
    fn an_attribute_that_a_path_leads_to() {
        const ITEM: &[u8] =
            br#"{"a":{"M":{"b":{"L":[{"S":"x"},{"M":{"c.d":{"N":"1"}}}]}}},"n":{"NULL":true}}"#;
        let find = |root: &str, steps: Vec<ValueStep<'_>>| nested_attribute_of(ITEM, root, &steps);
        let (name, index) = (ValueStep::Name, ValueStep::Index);
        assert_eq!(find("a", vec![name("b"), index(0)]), Ok(Some(&br#"{"S":"x"}"#[..])));
        assert_eq!(
            find("a", vec![name("b"), index(1), name("c.d")]),
            Ok(Some(&br#"{"N":"1"}"#[..]))
        );
        for (root, steps) in [
            ("b", vec![name("b")]),
            ("a", vec![name("c")]),
            ("a", vec![index(0)]),
            ("a", vec![name("b"), index(2)]),
            ("a", vec![name("b"), name("0")]),
            ("a", vec![name("b"), index(0), name("x")]),
            ("n", vec![index(0), index(0)]),
        ] {
            assert_eq!(find(root, steps), Ok(None));
        }
        for broken in [r#"{"a":1}"#, r#"{"a":{"M":1}}"#, r#"{"a":{"M":{"b":}}}"#] {
            let error = nested_attribute_of(broken.as_bytes(), "a", &[name("c")]).unwrap_err();
            assert!(error.path().is_some_and(|path| path.starts_with('a')), "{broken}: {error}");
        }
    }

    #[test]
    fn text_and_binary_have_the_order_of_their_bytes_and_numbers_that_of_their_values() {
        let order =
            |left: &str, right: &str| stored_order(left.as_bytes(), right.as_bytes()).unwrap();
        let ascending = [
            (r#"{"S":"B"}"#, r#"{"S":"a"}"#),
            (r#"{"S":"a"}"#, r#"{"S":"ab"}"#),
            // By UTF-8 and not by UTF-16, whose surrogates come first.
            (r#"{"S":"\uffff"}"#, r#"{"S":"\ud83d\ude00"}"#),
            (r#"{"N":"9"}"#, r#"{"N":"10"}"#),
            (r#"{"N":"-10"}"#, r#"{"N":"-9"}"#),
            (r#"{"N":"0.0"}"#, r#"{"N":"1E-1"}"#),
            (r#"{"N":"-1"}"#, r#"{"N":"-0"}"#),
            // 0x7f and 0x80: bytes without a sign. In base64 `f` comes before `g`, and `+` is last.
            (r#"{"B":"fw=="}"#, r#"{"B":"gA=="}"#),
            (r#"{"B":"AA=="}"#, r#"{"B":"+A=="}"#),
        ];
        for (least, most) in ascending {
            assert_eq!(order(least, most), Ordering::Less, "{least} {most}");
            assert_eq!(order(most, least), Ordering::Greater, "{most} {least}");
            assert_eq!(order(least, least), Ordering::Equal, "{least}");
        }
        assert_eq!(order(r#"{"N":"0"}"#, r#"{"N":"-0.00"}"#), Ordering::Equal);
    }

    #[test]
    fn nothing_else_has_an_order() {
        for (left, right) in [
            (r#"{"S":"1"}"#, r#"{"N":"1"}"#),
            (r#"{"BOOL":false}"#, r#"{"BOOL":true}"#),
            (r#"{"L":[]}"#, r#"{"L":[]}"#),
            (r#"{"NULL":true}"#, r#"{"NULL":true}"#),
            (r#"{"N":"x"}"#, r#"{"N":"1"}"#),
        ] {
            assert_eq!(stored_order(left.as_bytes(), right.as_bytes()), None, "{left} {right}");
        }
    }
}
