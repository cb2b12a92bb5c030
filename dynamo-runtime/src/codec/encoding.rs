//! How an attribute is stored where that differs from its type's own form.

use super::error::Problem;
use super::impls::{descriptor_of, encode_in_place};
use super::same::same_value;
use super::{AttributeValue, Decode, DecodeError, Kind, Reader, Writer};

/// A form in which a `T` is stored.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be the time of expiry",
    label = "not a time of expiry",
    note = "use `Timestamp` or `Option<Timestamp>` for the field with `#[dynamo(ttl)]`"
)]
pub trait Encoding<T>: sealed::Form {
    /// DynamoDB's type for it.
    type Kind: Kind;

    /// Whether a null is read as the absent attribute is.
    #[doc(hidden)]
    const NULL_IS_ABSENT: bool = false;

    /// Writes one attribute value.
    fn encode(value: &T, writer: &mut Writer);

    /// Whether the value is stored by leaving the attribute out.
    fn is_absent(value: &T) -> bool;

    /// Whether a value may be left out.
    #[doc(hidden)]
    const MAY_BE_ABSENT: bool = true;
}

/// A form from which a `T` is read.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be the time of expiry",
    label = "not a time of expiry",
    note = "use `Timestamp` or `Option<Timestamp>` for the field with `#[dynamo(ttl)]`"
)]
pub trait Decoding<'de, T>: sealed::Form + Sized {
    /// Reads one attribute value.
    ///
    /// # Errors
    /// When the value is of another type, does not fit, or is malformed.
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError>;

    /// What an absent attribute reads as, or `None` where it must be there.
    fn absent() -> Option<T>;
}

/// The type's own form.
#[derive(Debug)]
pub enum Plain {}

impl<T: AttributeValue> Encoding<T> for Plain {
    type Kind = T::Kind;
    const NULL_IS_ABSENT: bool = T::OPTIONAL;
    const MAY_BE_ABSENT: bool = T::OPTIONAL;

    #[inline]
    fn encode(value: &T, writer: &mut Writer) {
        writer.value(value, descriptor_of::<T>());
    }

    #[inline]
    fn is_absent(value: &T) -> bool {
        value.is_absent()
    }
}

impl<'de, T: Decode<'de>> Decoding<'de, T> for Plain {
    #[inline]
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        T::decode(reader)
    }

    fn absent() -> Option<T> {
        T::absent()
    }
}

/// The type's own form, of a key: what is read has the one spelling that is written.
///
/// A key of another spelling is another key to DynamoDB, so the item would not be found by it.
#[derive(Debug)]
pub enum NativeKey {}

impl<T: AttributeValue> Encoding<T> for NativeKey {
    type Kind = T::Kind;
    const NULL_IS_ABSENT: bool = T::OPTIONAL;
    const MAY_BE_ABSENT: bool = T::OPTIONAL;

    #[inline]
    fn encode(value: &T, writer: &mut Writer) {
        <Plain as Encoding<T>>::encode(value, writer);
    }

    #[inline]
    fn is_absent(value: &T) -> bool {
        value.is_absent()
    }
}

impl<'de, T: Decode<'de> + AttributeValue> Decoding<'de, T> for NativeKey {
    #[inline]
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        if T::HAS_ONE_SPELLING {
            return T::decode(reader);
        }
        let start = reader.position();
        let value = T::decode(reader)?;
        if !value.is_absent() && !is_spelling(&value, reader.since(start)) {
            return Err(DecodeError::new(start, Problem::Respelt));
        }
        Ok(value)
    }

    fn absent() -> Option<T> {
        T::absent()
    }
}

/// Whether the value is written as it stands here.
fn is_spelling<T: AttributeValue>(value: &T, json: &[u8]) -> bool {
    let mut writer = Writer::with_capacity(json.len());
    <Plain as Encoding<T>>::encode(value, &mut writer);
    writer.finish().is_ok_and(|written| written == json || same_value(json, &written) == Ok(true))
}

/// The form of a value whose place cannot be left out, of a list or a map: what is absent elsewhere
/// is a null.
#[derive(Debug)]
pub enum InPlace {}

impl<T: AttributeValue> Encoding<T> for InPlace {
    type Kind = T::Kind;

    fn encode(value: &T, writer: &mut Writer) {
        encode_in_place(value, writer);
    }

    fn is_absent(_: &T) -> bool {
        false
    }
}

impl<'de, T: Decode<'de>> Decoding<'de, T> for InPlace {
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        T::decode(reader)
    }

    fn absent() -> Option<T> {
        None
    }
}

/// How a field of this type is stored.
///
/// Generated code asks here for all that it needs of the type.
#[doc(hidden)]
pub trait Stored {
    type Encoding;
    /// Where it is a key.
    type KeyEncoding;
    type Operand;
}

impl<T: AttributeValue> Stored for T {
    type Encoding = Plain;
    type KeyEncoding = NativeKey;
    type Operand = T::Operand;
}

/// The forms are known in this crate alone: what each writes is one value of its type.
pub(crate) mod sealed {
    use super::{InPlace, NativeKey, Plain};

    pub trait Form {}
    impl Form for Plain {}
    impl Form for NativeKey {}
    impl Form for InPlace {}
}
