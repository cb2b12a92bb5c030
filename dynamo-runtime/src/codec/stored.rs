//! How the fields of an entity are stored, those that are keys and those that are none.

use std::marker::PhantomData;

use super::encoding::sealed::Form;
use super::equality::same_value;
use super::error::Problem;
use super::{
    AttributeValue, Decode, DecodeError, Decoding, Encoding, Plain, Reader, Shapes, ValueShape,
    Writer,
};

/// The type's own form, of a key: what is read has the one spelling that is written.
///
/// A key of another spelling is another key to DynamoDB, so the item would not be found by it.
#[derive(Debug)]
pub enum NativeKey {}

impl Form for NativeKey {}

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

    fn shape(shapes: &mut Shapes) -> ValueShape {
        T::shape(shapes)
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
        if !value.is_absent() && !is_spelling::<Plain, T>(&value, reader.since(start)) {
            return Err(DecodeError::new(start, Problem::Respelt));
        }
        Ok(value)
    }

    fn absent() -> Option<T> {
        T::absent()
    }
}

/// Whether the value is written as it stands here.
fn is_spelling<C: Encoding<T>, T>(value: &T, json: &[u8]) -> bool {
    let mut writer = Writer::with_capacity(json.len());
    C::encode(value, &mut writer);
    writer.finish().is_ok_and(|written| written == json || same_value(json, &written) == Ok(true))
}

/// The form `C` of a key: what is read has the one spelling that is written.
#[derive(Debug)]
pub struct KeyIn<C>(PhantomData<C>);

impl<C> Form for KeyIn<C> {}

impl<C: Encoding<T>, T> Encoding<T> for KeyIn<C> {
    type Kind = C::Kind;
    const NULL_IS_ABSENT: bool = C::NULL_IS_ABSENT;
    const SCALE: u32 = C::SCALE;
    const MAY_BE_ABSENT: bool = C::MAY_BE_ABSENT;

    fn encode(value: &T, writer: &mut Writer) {
        C::encode(value, writer);
    }

    fn is_absent(value: &T) -> bool {
        C::is_absent(value)
    }

    fn shape(shapes: &mut Shapes) -> ValueShape {
        C::shape(shapes)
    }
}

impl<'de, C: Encoding<T> + Decoding<'de, T>, T> Decoding<'de, T> for KeyIn<C> {
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        let start = reader.position();
        let value = C::decode(reader)?;
        if !C::is_absent(&value) && !is_spelling::<C, T>(&value, reader.since(start)) {
            return Err(DecodeError::new(start, Problem::Respelt));
        }
        Ok(value)
    }

    fn absent() -> Option<T> {
        C::absent()
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
