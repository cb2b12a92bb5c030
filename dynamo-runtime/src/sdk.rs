//! Feature `sdk`: items as the SDK has them, `HashMap<String, AttributeValue>`, to entities and back.
//!
//! For a program that moves over one call at a time, and for what hands over items of the SDK. No
//! client of the SDK comes in or goes out: a request is sent by a
//! [`SecureClient`](crate::SecureClient), or not by this library.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue as SdkValue;

use crate::codec::{
    Decode as _, DecodeError, DecodeItem, EncodeError, EncodeItem, Members, Writer, decode_item,
    encode_item,
};
use crate::value::AnyValue;

/// An item as the SDK has it.
pub type SdkItem = HashMap<String, SdkValue>;

/// What is read from an item of the SDK and written as one: an entity, a document or a projection.
///
/// ```
/// use std::collections::HashMap;
///
/// use aws_sdk_dynamodb::types::AttributeValue;
/// use dynamo_runtime::prelude::*;
/// use dynamo_runtime::sdk::FromSdkItem as _;
/// use dynamo_runtime::sdk::ToSdkItem as _;
///
/// #[derive(Entity, Clone, Debug, PartialEq)]
/// #[dynamo(table = "users")]
/// struct User {
///     #[dynamo(partition_key)]
///     user_id: String,
///     age: Option<u8>,
/// }
///
/// let item = HashMap::from([
///     ("user_id".to_owned(), AttributeValue::S("ann".to_owned())),
///     ("age".to_owned(), AttributeValue::N("7".to_owned())),
/// ]);
/// let ann = User::from_item(&item)?;
/// assert_eq!(ann, User { user_id: "ann".to_owned(), age: Some(7) });
/// assert_eq!(ann.to_item()?, item);
///
/// let old = HashMap::from([("age".to_owned(), AttributeValue::N("300".to_owned()))]);
/// assert_eq!(User::from_item(&old).unwrap_err().path(), Some("age"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait FromSdkItem: for<'de> DecodeItem<'de> {
    /// Reads an item, as strictly as one of a response.
    ///
    /// # Errors
    /// When an attribute is missing or does not fit, or a value is none that DynamoDB has.
    fn from_item(item: &SdkItem) -> Result<Self, DecodeError> {
        let mut writer = Writer::default();
        write_entries(item, &mut writer)?;
        let json = writer.finish().map_err(|_| DecodeError::refused(0, TOO_DEEP))?;
        decode_item(&json)
    }
}

impl<E: for<'de> DecodeItem<'de>> FromSdkItem for E {}

/// What is written as an item of the SDK: see [`FromSdkItem`].
pub trait ToSdkItem: EncodeItem {
    /// Writes an item, as it would be sent.
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::sdk::ToSdkItem as _;
    ///
    /// #[derive(Document)]
    /// struct Note {
    ///     text: String,
    /// }
    ///
    /// let item = Note { text: "x".to_owned() }.to_item()?;
    /// assert_eq!(item["text"].as_s().map(String::as_str), Ok("x"));
    /// # Ok::<(), dynamo_runtime::codec::EncodeError>(())
    /// ```
    ///
    /// # Errors
    /// When the item has a value that DynamoDB cannot hold, or is too large.
    fn to_item(&self) -> Result<SdkItem, EncodeError>
    where
        Self: Sized,
    {
        let json = encode_item(self)?;
        // An unknown attribute that was read is kept as it came, of whatever type.
        decode_item::<AnyItem>(&json).map(|item| item.0).map_err(|_| EncodeError::unknown_type())
    }
}

impl<E: EncodeItem> ToSdkItem for E {}

const TOO_DEEP: &str = "the item is deeper than the 32 levels that DynamoDB has";

fn write_entries(item: &SdkItem, writer: &mut Writer) -> Result<(), DecodeError> {
    writer.begin_object();
    for (name, value) in item {
        writer.member(name);
        write_value(value, writer).map_err(|error| error.within(name))?;
    }
    writer.end_object();
    Ok(())
}

/// Writes the value as it is: whether it is one that DynamoDB has is asked where it is read.
fn write_value(value: &SdkValue, writer: &mut Writer) -> Result<(), DecodeError> {
    match value {
        SdkValue::S(text) => writer.string(text),
        SdkValue::N(number) => write_as(writer, "N", |writer| writer.json_string(number)),
        SdkValue::B(bytes) => writer.binary(bytes.as_ref()),
        SdkValue::Bool(boolean) => writer.bool(*boolean),
        SdkValue::Null(true) => writer.null(),
        SdkValue::Null(false) => return Err(DecodeError::refused(0, "a null is `Null(true)`")),
        SdkValue::L(elements) => {
            let mut result = Ok(());
            writer.list(elements, |element, writer| {
                let written = write_value(element, writer);
                if result.is_ok() {
                    result = written;
                }
            });
            return result;
        }
        SdkValue::M(entries) => {
            let mut result = Ok(());
            writer.map(|writer| {
                for (name, value) in entries {
                    writer.member(name);
                    let written = write_value(value, writer);
                    if result.is_ok() {
                        result = written.map_err(|error| error.within(name));
                    }
                }
            });
            return result;
        }
        SdkValue::Ss(elements) => write_set(writer, "SS", elements.iter().map(String::as_str)),
        SdkValue::Ns(elements) => write_set(writer, "NS", elements.iter().map(String::as_str)),
        SdkValue::Bs(elements) => {
            let base64 = |bytes: &Blob| base64_simd::STANDARD.encode_to_string(bytes.as_ref());
            let elements: Vec<_> = elements.iter().map(base64).collect();
            write_set(writer, "BS", elements.iter().map(String::as_str));
        }
        _ => {
            return Err(DecodeError::refused(0, "a data type that this version does not know"));
        }
    }
    Ok(())
}

fn write_as(writer: &mut Writer, code: &str, content: impl FnOnce(&mut Writer)) {
    writer.begin_object();
    writer.member(code);
    content(writer);
    writer.end_object();
}

fn write_set<'a>(writer: &mut Writer, code: &str, elements: impl Iterator<Item = &'a str>) {
    write_as(writer, code, |writer| {
        writer.begin_array();
        for element in elements {
            writer.separate();
            writer.json_string(element);
        }
        writer.end_array();
    });
}

/// All attributes of an item, of whatever types.
struct AnyItem(SdkItem);

impl<'de> DecodeItem<'de> for AnyItem {
    fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
        let mut all = HashMap::new();
        while let Some(name) = item.next_name()? {
            let value = item.read_by(AnyValue::decode)?;
            if all.insert(name.into_owned(), value.into()).is_some() {
                return Err(item.duplicate());
            }
        }
        Ok(Self(all))
    }
}

impl From<AnyValue> for SdkValue {
    fn from(value: AnyValue) -> Self {
        match value {
            AnyValue::S(text) => Self::S(text),
            AnyValue::N(number) => Self::N(number.to_string()),
            AnyValue::B(bytes) => Self::B(Blob::new(bytes)),
            AnyValue::Bool(boolean) => Self::Bool(boolean),
            AnyValue::Null => Self::Null(true),
            AnyValue::L(elements) => Self::L(elements.into_iter().map(Self::from).collect()),
            AnyValue::M(entries) => {
                Self::M(entries.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
            AnyValue::Ss(elements) => Self::Ss(elements.into_iter().collect()),
            AnyValue::Ns(elements) => Self::Ns(elements.iter().map(ToString::to_string).collect()),
            AnyValue::Bs(elements) => Self::Bs(elements.into_iter().map(Blob::new).collect()),
        }
    }
}
