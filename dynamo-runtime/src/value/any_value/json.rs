//! Feature `serde`: a value of any type in the form of DynamoDB's own JSON, which tells its type.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::AnyValue;
use crate::codec::Descriptor;
use crate::value::Number;

/// As DynamoDB's JSON has it, such as `{"S": "x"}`; binary is Base64.
impl Serialize for AnyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::S(text) => tagged(serializer, Descriptor::Text, text),
            Self::N(number) => tagged(serializer, Descriptor::Number, number),
            Self::B(bytes) => tagged(serializer, Descriptor::Binary, &base64(bytes)),
            Self::Bool(boolean) => tagged(serializer, Descriptor::Boolean, boolean),
            Self::Null => tagged(serializer, Descriptor::Null, &true),
            Self::L(elements) => tagged(serializer, Descriptor::List, elements),
            Self::M(entries) => tagged(serializer, Descriptor::Map, entries),
            Self::Ss(elements) => tagged(serializer, Descriptor::TextSet, elements),
            Self::Ns(elements) => tagged(serializer, Descriptor::NumberSet, elements),
            Self::Bs(elements) => {
                let elements: Vec<_> = elements.iter().map(|bytes| base64(bytes)).collect();
                tagged(serializer, Descriptor::BinarySet, &elements)
            }
        }
    }
}

fn tagged<S: Serializer>(
    serializer: S,
    descriptor: Descriptor,
    content: &(impl Serialize + ?Sized),
) -> Result<S::Ok, S::Error> {
    serializer.collect_map([(descriptor.code(), content)])
}

fn base64(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

/// From DynamoDB's JSON.
impl<'de> Deserialize<'de> for AnyValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnyValueVisitor)
    }
}

struct AnyValueVisitor;

impl<'de> Visitor<'de> for AnyValueVisitor {
    type Value = AnyValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value in DynamoDB's JSON, such as {\"S\": \"x\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AnyValue, A::Error> {
        let code: Option<String> = map.next_key()?;
        let descriptor = code.as_deref().and_then(Descriptor::from_name);
        let value = match descriptor.ok_or_else(|| A::Error::custom("no data type of DynamoDB"))? {
            Descriptor::Text => AnyValue::S(map.next_value()?),
            Descriptor::Number => AnyValue::N(map.next_value()?),
            Descriptor::Binary => AnyValue::B(bytes(&map.next_value::<String>()?)?),
            Descriptor::Boolean => AnyValue::Bool(map.next_value()?),
            Descriptor::Null => {
                if map.next_value()? {
                    AnyValue::Null
                } else {
                    return Err(A::Error::custom("a null is `true`"));
                }
            }
            Descriptor::List => AnyValue::L(map.next_value()?),
            Descriptor::Map => AnyValue::M(map.next_value::<BTreeMap<_, _>>()?),
            Descriptor::TextSet => AnyValue::Ss(set(map.next_value::<Vec<String>>()?)?),
            Descriptor::NumberSet => AnyValue::Ns(set(map.next_value::<Vec<Number>>()?)?),
            Descriptor::BinarySet => {
                let elements = map.next_value::<Vec<String>>()?;
                let elements: Result<Vec<_>, _> =
                    elements.iter().map(|element| bytes(element)).collect();
                AnyValue::Bs(set(elements?)?)
            }
        };
        match map.next_key::<String>()? {
            None => Ok(value),
            Some(_) => Err(A::Error::custom("a value has one data type")),
        }
    }
}

fn bytes<E: Error>(base64: &str) -> Result<Vec<u8>, E> {
    let bytes = base64_simd::STANDARD.decode_to_vec(base64);
    bytes.map_err(|_| E::custom("the binary is not Base64"))
}

/// Each element once, and at least one.
fn set<T: Ord, E: Error>(elements: Vec<T>) -> Result<BTreeSet<T>, E> {
    let count = elements.len();
    let set: BTreeSet<_> = elements.into_iter().collect();
    match set.len() {
        0 => Err(E::custom("a set is not empty")),
        distinct if distinct < count => Err(E::custom("an element of the set stands twice")),
        _ => Ok(set),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_json_of_dynamodb() {
        for json in [
            r#"{"S":"x"}"#,
            r#"{"N":"1.50"}"#,
            r#"{"B":"aGk="}"#,
            r#"{"L":[{"NULL":true},{"BOOL":false}]}"#,
            r#"{"M":{"a":{"SS":["a","b"]},"b":{"NS":["1","2"]},"c":{"BS":["AQ=="]}}}"#,
        ] {
            let value: AnyValue = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(crate::codec::tests::decode(json), Ok(value));
        }
        for json in [
            "{}",
            r#"{"X":"x"}"#,
            r#"{"S":"x","N":"1"}"#,
            r#"{"NULL":false}"#,
            r#"{"SS":[]}"#,
            r#"{"NS":["1","1.0"]}"#,
            r#"{"B":"a"}"#,
        ] {
            assert!(serde_json::from_str::<AnyValue>(json).is_err(), "{json}");
        }
    }
}
