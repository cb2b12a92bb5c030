//! A value of any data type, exactly as it is stored.

use std::collections::{BTreeMap, BTreeSet};

use super::Number;
use crate::codec::impls::own;
use crate::codec::{
    AttributeValue, Decode, DecodeError, Descriptor, Encode, Reader, Shapes, ValueShape, Writer,
    kind,
};

/// A value of any of DynamoDB's data types, exactly as it is stored: sets stay sets, binary stays
/// binary, and a number keeps its digits.
///
/// It is for an attribute of which the program does not know the type, as one that another program
/// fills freely; a value of a known type has a type of its own. It is compared as a whole, by `eq`
/// and `ne`.
///
/// ```
/// use std::collections::BTreeSet;
///
/// use dynamo_runtime::codec::{decode_item, encode_item};
/// use dynamo_runtime::prelude::*;
/// use dynamo_runtime::AnyValue;
///
/// #[derive(Document, Debug, PartialEq)]
/// struct Event {
///     data: AnyValue,
/// }
///
/// let json = br#"{"data":{"M":{"b":{"B":"aGk="},"tags":{"SS":["a","b"]}}}}"#;
/// let event: Event = decode_item(json)?;
/// let AnyValue::M(data) = &event.data else { panic!("a map") };
/// assert_eq!(data["tags"], AnyValue::Ss(BTreeSet::from(["a".into(), "b".into()])));
/// assert_eq!(data["b"], AnyValue::from(b"hi".to_vec()));
/// assert_eq!(encode_item(&event)?, json);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyValue {
    /// A string, `S`.
    S(String),
    /// A number, `N`.
    N(Number),
    /// Bytes, `B`.
    B(Vec<u8>),
    /// A boolean, `BOOL`.
    Bool(bool),
    /// A null, `NULL`.
    Null,
    /// A list, `L`.
    L(Vec<Self>),
    /// A map, `M`.
    M(BTreeMap<String, Self>),
    /// A set of strings, `SS`, which is not empty.
    Ss(BTreeSet<String>),
    /// A set of numbers, `NS`, which is not empty.
    Ns(BTreeSet<Number>),
    /// A set of bytes, `BS`, which is not empty.
    Bs(BTreeSet<Vec<u8>>),
}

impl Encode for AnyValue {
    fn encode(&self, writer: &mut Writer) {
        match self {
            Self::S(text) => writer.string(text),
            Self::N(number) => number.encode(writer),
            Self::B(bytes) => writer.binary(bytes),
            Self::Bool(boolean) => writer.bool(*boolean),
            Self::Null => writer.null(),
            Self::L(elements) => writer.list(elements, Self::encode),
            Self::M(entries) => writer.map(|writer| {
                for (key, value) in entries {
                    writer.entry(key, value);
                }
            }),
            Self::Ss(elements) => writer.set(elements),
            Self::Ns(elements) => writer.set(elements),
            Self::Bs(elements) => writer.set(elements),
        }
    }

    own!();
}

impl Decode<'_> for AnyValue {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match reader.next_type()? {
            Descriptor::Text => Self::S(reader.string()?.into_owned()),
            Descriptor::Number => Self::N(Number::decode(reader)?),
            Descriptor::Binary => Self::B(reader.binary()?),
            Descriptor::Boolean => Self::Bool(reader.bool()?),
            Descriptor::Null => {
                reader.null()?;
                Self::Null
            }
            Descriptor::List => Self::L(Vec::decode(reader)?),
            Descriptor::Map => Self::M(BTreeMap::decode(reader)?),
            Descriptor::TextSet => Self::Ss(BTreeSet::decode(reader)?),
            Descriptor::NumberSet => Self::Ns(BTreeSet::decode(reader)?),
            Descriptor::BinarySet => Self::Bs(BTreeSet::decode(reader)?),
        })
    }
}

impl AttributeValue for AnyValue {
    type Kind = kind::Untyped;
    type ListKind = kind::List;
    type Operand = Self;

    fn shape(_: &mut Shapes) -> ValueShape {
        ValueShape::Any
    }
}

macro_rules! any_values_from {
    ($($ty:ty => $variant:ident;)*) => {$(
        impl From<$ty> for AnyValue {
            fn from(value: $ty) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

any_values_from! {
    String => S;
    &str => S;
    Number => N;
    i64 => N;
    u64 => N;
    i32 => N;
    u32 => N;
    Vec<u8> => B;
    bool => Bool;
    Vec<AnyValue> => L;
    BTreeMap<String, AnyValue> => M;
    BTreeSet<String> => Ss;
    BTreeSet<Number> => Ns;
    BTreeSet<Vec<u8>> => Bs;
}

#[cfg(feature = "serde")]
mod json;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::tests::{decode, encode};

    #[test]
    fn each_data_type_is_kept_as_it_is() {
        for json in [
            r#"{"S":""}"#,
            r#"{"N":"1.50"}"#,
            r#"{"B":"aGk="}"#,
            r#"{"BOOL":true}"#,
            r#"{"NULL":true}"#,
            r#"{"L":[{"NULL":true},{"L":[]},{"N":"-7"}]}"#,
            r#"{"M":{"a":{"M":{}},"b":{"BS":["AQ==","Ag=="]}}}"#,
            r#"{"SS":["a","b"]}"#,
            r#"{"NS":["1","20"]}"#,
        ] {
            let value = decode::<AnyValue>(json).unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!(encode(&value), json);
            assert_eq!(
                decode::<Option<AnyValue>>(json).unwrap().is_none(),
                json.starts_with("{\"NULL")
            );
        }
        assert!(decode::<AnyValue>(r#"{"X":"a"}"#).is_err());
        assert!(decode::<AnyValue>(r#"{"SS":["a","a"]}"#).is_err());
    }

    #[test]
    fn an_empty_set_is_no_value() {
        let mut writer = Writer::default();
        AnyValue::L(vec![AnyValue::Ss(BTreeSet::new())]).encode(&mut writer);
        assert_eq!(writer.finish().unwrap_err().path(), Some("[0]"));
    }
}
