//! Values and items straight to DynamoDB JSON and back, with nothing in between.
//!
//! An attribute value is an object with one member, named by its data type descriptor: `{"S":"x"}`,
//! `{"N":"1"}`. An item is an object of attribute values: `{"user_id":{"S":"u1"},"age":{"N":"7"}}`.
//!
//! [`Encode`] and [`Decode`] are about one attribute value, [`EncodeItem`] and [`DecodeItem`] about
//! an item. A derive writes the latter in this form, one short line for each attribute; all else is
//! in the generic functions that it calls. (`tests.rs` has it in full.)
//!
//! ```text
//! impl EncodeItem for User {
//!     const SIZE_HINT: usize = 64;
//!     fn encode_attributes(&self, writer: &mut Writer) {
//!         writer.attribute_as::<Plain, _>("email", &self.email);
//!     }
//! }
//!
//! impl<'de> DecodeItem<'de> for User {
//!     fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
//!         let mut email = Field::<Plain, String>::new();
//!         while let Some(name) = item.next_name()? {
//!             match name.as_bytes() {
//!                 b"email" => item.field(&mut email)?,
//!                 _ => item.skip(name)?,
//!             }
//!         }
//!         Ok(Self { email: item.take(email, "email")? })     // or take_or(email, String::new)
//!     }
//! }
//! ```
//!
#![doc = include_str!("codec/types.md")]

mod by_hand;
mod collection;
mod constant;
mod descriptor;
mod encoded_bytes;
mod encoding;
pub(crate) mod equality;
mod error;
mod group;
pub(crate) mod impls;
mod json_text;
pub mod kind;
mod limits;
mod locate;
mod member;
mod members;
mod names;
pub(crate) mod number;
mod order;
pub(crate) mod origin;
mod plain_name;
mod reader;
pub(crate) mod response;
mod serde;
mod shape;
mod stored;
mod stray;
mod strings;
#[cfg(test)]
pub(crate) mod tests;
mod unknown;
mod upgrade;
mod variants;
mod writer;

pub(crate) use by_hand::reads_back;
#[doc(hidden)]
pub use constant::ConstantAttribute;
pub(crate) use descriptor::Descriptor;
#[doc(hidden)]
pub use encoded_bytes::{Base64Binary, Base64Text, BytesIn};
pub(crate) use encoding::optional_as;
pub(crate) use encoding::sealed::Form;
pub use encoding::{Decoding, Encoding, InPlace, Plain};
#[doc(hidden)]
pub use encoding::{NoneAsNull, NotCompared, NullWhenNone};
pub(crate) use error::Problem;
pub use error::{DecodeError, EncodeError};
#[doc(hidden)]
pub use group::{AttributeNames, Group, ReadGroup, assert_distinct};
pub(crate) use group::{Message, is_same};
#[doc(hidden)]
pub use json_text::JsonText;
pub use kind::{AttributeValue, Kind, SetElement};
pub use limits::MAX_ITEM_SIZE;
pub(crate) use limits::MAX_KEY_SIZE;
pub(crate) use member::{member, read_located};
#[doc(hidden)]
pub use members::{Aside, IsOf};
pub use members::{Field, Members};
#[doc(hidden)]
pub use order::FieldNames;
pub(crate) use origin::Origin;
#[doc(hidden)]
pub use plain_name::PlainName;
pub use reader::Reader;
pub(crate) use reader::read;
pub use serde::Serde;
#[doc(hidden)]
pub use shape::{AttributeFacts, ShapeAttributes, Shapes};
pub use shape::{AttributeShape, ValueShape};
#[doc(hidden)]
pub use stored::KeyIn;
pub use stored::{NativeKey, Stored};
pub(crate) use stray::Stray;
pub use unknown::{UnknownAttributes, UnknownField};
pub use upgrade::{UpgradeFrom, upgrade};
#[doc(hidden)]
pub use variants::{Variant, encode_other};
pub use writer::Writer;

pub(crate) use writer::map_key;

/// A type that is stored as an attribute value.
///
/// ```
/// use dynamo_runtime::codec::{Encode, Writer};
///
/// /// Degrees, which are stored as a number; none is the absent attribute.
/// struct Heading(Option<u16>);
///
/// impl Encode for Heading {
///     fn encode(&self, writer: &mut Writer) {
///         match self.0 {
///             Some(degrees) if degrees < 360 => writer.integer(degrees),
///             Some(_) => writer.refuse("a heading is less than 360 degrees"),
///             None => writer.null(),
///         }
///     }
///
///     fn is_absent(&self) -> bool {
///         self.0.is_none()
///     }
/// }
///
/// let mut writer = Writer::default();
/// Heading(Some(90)).encode(&mut writer);
/// assert_eq!(writer.finish()?, br#"{"N":"90"}"#);
/// assert!(Heading(None).is_absent());
/// # Ok::<(), dynamo_runtime::codec::EncodeError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored as a DynamoDB attribute",
    label = "this type has no form as an attribute value",
    note = "these types have one: text, `bool`, integers of 8 to 128 bits, `f32`, `f64`, `Number`, bytes, `Timestamp`, `Version`, and `Option`, `Vec`, `Box`, `Arc`, `Sensitive`, arrays, tuples, maps and sets of these; a struct or an enum of yours gets one by `#[derive(Document)]`; all are in the table of `dynamo_runtime::codec`"
)]
pub trait Encode {
    /// Writes one attribute value, such as `{"S":"x"}`.
    ///
    /// Nothing, several values, a value of another type than [`AttributeValue::Kind`], or an
    /// attribute beside it refuse the write. It is given a writer of its own, so what was written
    /// before is out of its reach.
    fn encode(&self, writer: &mut Writer);

    /// Whether the value is stored by leaving the attribute out.
    ///
    /// One whose type is not optional is refused then: an item without it could not be read.
    fn is_absent(&self) -> bool {
        false
    }

    #[doc(hidden)]
    #[inline]
    fn origin(&self) -> Origin {
        Origin::BY_HAND
    }
}

/// A type that is read from an attribute value.
///
/// ```
/// use dynamo_runtime::codec::{Decode, DecodeError, Reader};
///
/// #[derive(Debug, PartialEq)]
/// struct Heading(u16);
///
/// impl Decode<'_> for Heading {
///     fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
///         let place = reader.position();
///         match reader.integer()? {
///             degrees @ 0..360 => Ok(Self(degrees)),
///             _ => Err(DecodeError::refused(place, "a heading is less than 360 degrees")),
///         }
///     }
///
///     fn absent() -> Option<Self> {
///         Some(Self(0))
///     }
/// }
///
/// let mut reader = Reader::new(br#"{"N": "90"}"#)?;
/// assert_eq!(Heading::decode(&mut reader)?, Heading(90));
/// assert_eq!(Heading::absent(), Some(Heading(0)));
/// # Ok::<(), DecodeError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a DynamoDB attribute",
    label = "this type has no form as an attribute value",
    note = "these types have one: text, `bool`, integers of 8 to 128 bits, `f32`, `f64`, `Number`, bytes, `Timestamp`, `Version`, and `Option`, `Vec`, `Box`, `Arc`, `Sensitive`, arrays, tuples, maps and sets of these; a struct or an enum of yours gets one by `#[derive(Document)]`; all are in the table of `dynamo_runtime::codec`",
    note = "borrowed text is a `Cow<'_, str>`, since text with escapes cannot be borrowed"
)]
pub trait Decode<'de>: Sized {
    /// Reads one attribute value, such as `{"S":"x"}`.
    ///
    /// # Errors
    /// When the value is of another type, does not fit, or is malformed.
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError>;

    /// What an absent attribute reads as, or `None` where it must be there.
    fn absent() -> Option<Self> {
        None
    }

    #[doc(hidden)]
    fn decode_vec(reader: &mut Reader<'de>) -> Result<Vec<Self>, DecodeError> {
        let mut elements = Vec::new();
        reader.list(|reader| {
            elements.push(Self::decode(reader)?);
            Ok(())
        })?;
        Ok(elements)
    }
}

/// A struct that is stored as an item.
///
/// ```
/// use dynamo_runtime::codec::{EncodeItem, Writer};
///
/// struct Note {
///     text: String,
/// }
///
/// impl EncodeItem for Note {
///     const SIZE_HINT: usize = 32;
///
///     fn encode_attributes(&self, writer: &mut Writer) {
///         writer.attribute("text", &self.text);
///     }
/// }
///
/// let mut writer = Writer::with_capacity(Note::SIZE_HINT);
/// Note { text: "x".to_owned() }.encode_item(&mut writer);
/// assert_eq!(writer.finish()?, br#"{"text":{"S":"x"}}"#);
/// # Ok::<(), dynamo_runtime::codec::EncodeError>(())
/// ```
pub trait EncodeItem {
    /// About how many bytes of JSON an item has.
    const SIZE_HINT: usize;

    /// Writes the attributes that are in the item, by [`Writer::attribute_as`].
    ///
    /// ```
    /// use dynamo_runtime::codec::{EncodeItem, Writer};
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Document)]
    /// struct Note {
    ///     text: String,
    /// }
    ///
    /// let note = Note { text: "x".to_owned() };
    /// let mut writer = Writer::default();
    /// writer.map(|writer| note.encode_attributes(writer)); // as a value in another item
    /// assert_eq!(writer.finish()?, br#"{"M":{"text":{"S":"x"}}}"#);
    /// # Ok::<(), dynamo_runtime::codec::EncodeError>(())
    /// ```
    fn encode_attributes(&self, writer: &mut Writer);

    /// Writes the item, such as `{"user_id":{"S":"u1"}}`.
    #[inline]
    fn encode_item(&self, writer: &mut Writer) {
        writer.begin_item();
        self.encode_attributes(writer);
        writer.end_item();
    }
}

/// A struct that is read from an item.
///
/// ```
/// use dynamo_runtime::codec::{DecodeError, DecodeItem, Field, Members, Plain, Reader};
///
/// struct Note {
///     text: String,
/// }
///
/// impl<'de> DecodeItem<'de> for Note {
///     fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
///         let mut text = Field::<Plain, String>::new();
///         while let Some(name) = item.next_name()? {
///             match &*name {
///                 "text" => item.field(&mut text)?,
///                 _ => item.skip(name)?,
///             }
///         }
///         Ok(Self { text: item.take(text, "text")? })
///     }
/// }
///
/// let mut reader = Reader::new(br#"{"text": {"S": "x"}, "more": {"BOOL": true}}"#)?;
/// assert_eq!(Note::decode_item(&mut reader)?.text, "x");
/// # Ok::<(), DecodeError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from an item",
    label = "this type has no attributes",
    note = "add `#[derive(Document)]` to the struct"
)]
pub trait DecodeItem<'de>: Sized {
    /// Reads the attributes that are in the item.
    ///
    /// ```
    /// use dynamo_runtime::codec::{DecodeItem, Reader};
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Document)]
    /// struct Note {
    ///     text: String,
    /// }
    ///
    /// let mut reader = Reader::new(br#"{"text": {"S": "x"}}"#)?;
    /// assert_eq!(Note::decode_attributes(reader.item()?)?.text, "x");
    /// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// When an attribute is missing, duplicate, does not fit, or the item is malformed.
    fn decode_attributes(item: Members<'_, 'de>) -> Result<Self, DecodeError>;

    /// Reads one item, such as `{"user_id":{"S":"u1"}}`.
    ///
    /// # Errors
    /// When an attribute is missing, duplicate, does not fit, or the item is malformed.
    #[inline]
    fn decode_item(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        Self::decode_attributes(reader.item()?)
    }
}

/// The JSON of an item.
///
/// ```
/// use dynamo_runtime::codec::encode_item;
/// use dynamo_runtime::prelude::*;
///
/// #[derive(Document)]
/// struct Note {
///     text: String,
/// }
///
/// let note = Note { text: "x".to_owned() };
/// assert_eq!(encode_item(&note)?, br#"{"text":{"S":"x"}}"#);
/// # Ok::<(), dynamo_runtime::codec::EncodeError>(())
/// ```
///
/// # Errors
/// When the item has a value that DynamoDB cannot hold, or is larger than [`MAX_ITEM_SIZE`].
pub fn encode_item<E: EncodeItem>(item: &E) -> Result<Vec<u8>, EncodeError> {
    let mut writer = Writer::with_capacity(E::SIZE_HINT);
    item.encode_item(&mut writer);
    writer.finish()
}

/// Writes a value that is a map of what the item would be.
#[doc(hidden)]
pub fn encode_map(map: &impl EncodeItem, writer: &mut Writer) {
    writer.map(|writer| map.encode_attributes(writer));
}

/// Reads a value that is a map of what the item would be.
///
/// # Errors
/// When the value is no map, or an attribute is missing, duplicate or does not fit.
#[doc(hidden)]
pub fn decode_map<'de, M: DecodeItem<'de>>(reader: &mut Reader<'de>) -> Result<M, DecodeError> {
    reader.map(M::decode_item)
}

/// Whether this JSON is an empty text or binary.
pub(crate) fn is_empty_value(json: &[u8]) -> bool {
    matches!(json, br#"{"S":""}"# | br#"{"B":""}"#)
}

/// Whether this JSON is a null.
pub(crate) fn is_null_value(json: &[u8]) -> bool {
    reader::read(json, Reader::null).is_ok_and(|is_null| is_null)
}

/// The item of this JSON.
///
/// ```
/// use dynamo_runtime::codec::decode_item;
/// use dynamo_runtime::prelude::*;
///
/// #[derive(Document)]
/// struct Note {
///     text: String,
/// }
///
/// let note: Note = decode_item(br#"{"text": {"S": "x"}}"#)?;
/// assert_eq!(note.text, "x");
/// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
/// ```
///
/// # Errors
/// When an attribute is missing, duplicate, does not fit, or the JSON is malformed.
pub fn decode_item<'de, E: DecodeItem<'de>>(json: &'de [u8]) -> Result<E, DecodeError> {
    reader::read(json, E::decode_item).map_err(|error| error.locate_in_item(json))
}
