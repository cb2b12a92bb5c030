//! The types of the language as attribute values.

use std::borrow::Cow;

use super::{AttributeValue, Decode, DecodeError, Encode, Reader, Writer, kind};

/// Types that are compared with themselves and whose `Vec` is a list.
macro_rules! stored_as {
    ($kind:ident: $($type:ty),*) => {$(
        impl AttributeValue for $type {
            type Kind = kind::$kind;
            type ListKind = kind::List;
            type Operand = Self;
            const OPTIONAL: bool = false;
        }
    )*};
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Encode for $type {
            #[inline]
            fn encode(&self, writer: &mut Writer) {
                writer.integer(*self);
            }
        }

        impl Decode<'_> for $type {
            #[inline]
            fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.integer()
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, i128, u16, u32, u64, u128);
stored_as!(Number: i8, i16, i32, i64, i128, u16, u32, u64, u128);

/// One byte is a number; a `Vec` of bytes is binary.
impl Encode for u8 {
    fn encode(&self, writer: &mut Writer) {
        writer.integer(*self);
    }

    fn encode_slice(slice: &[Self], writer: &mut Writer) {
        writer.binary(slice);
    }
}

impl Decode<'_> for u8 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.integer()
    }

    fn decode_vec(reader: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
        reader.binary()
    }
}

impl AttributeValue for u8 {
    type Kind = kind::Number;
    type ListKind = kind::Binary;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

impl Encode for f64 {
    fn encode(&self, writer: &mut Writer) {
        writer.float(*self);
    }
}

impl Decode<'_> for f64 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.float()
    }
}

impl Encode for f32 {
    fn encode(&self, writer: &mut Writer) {
        writer.float32(*self);
    }
}

impl Decode<'_> for f32 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.float32()
    }
}

stored_as!(Number: f32, f64);

impl Encode for bool {
    fn encode(&self, writer: &mut Writer) {
        writer.bool(*self);
    }
}

impl Decode<'_> for bool {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.bool()
    }
}

stored_as!(Boolean: bool);

impl Encode for str {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Encode for String {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Decode<'_> for String {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.string().map(Cow::into_owned)
    }
}

impl Encode for Cow<'_, str> {
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

/// Borrowed from the response unless the text has escapes.
impl<'de: 'a, 'a> Decode<'de> for Cow<'a, str> {
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        reader.string()
    }
}

stored_as!(Text: String, Cow<'_, str>);

impl AttributeValue for str {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = String;
    const OPTIONAL: bool = false;
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, writer: &mut Writer) {
        (**self).encode(writer);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: AttributeValue + ?Sized> AttributeValue for &T {
    type Kind = T::Kind;
    type ListKind = kind::List;
    type Operand = T::Operand;
    const OPTIONAL: bool = T::OPTIONAL;
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, writer: &mut Writer) {
        (**self).encode(writer);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Box<T> {
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        T::decode(reader).map(Self::new)
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }
}

impl<T: AttributeValue> AttributeValue for Box<T> {
    type Kind = T::Kind;
    type ListKind = kind::List;
    type Operand = T::Operand;
    const OPTIONAL: bool = T::OPTIONAL;
}

/// `None` is stored by leaving the attribute out; a null is read as `None` too.
impl<T: Encode> Encode for Option<T> {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.encode(writer),
            None => writer.null(),
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(Encode::is_absent)
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Option<T> {
    #[inline]
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        if reader.null()? {
            return Ok(None);
        }
        T::decode(reader).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    type Kind = T::Kind;
    type ListKind = kind::List;
    type Operand = T::Operand;
    const OPTIONAL: bool = true;
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, writer: &mut Writer) {
        T::encode_slice(self, writer);
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, writer: &mut Writer) {
        T::encode_slice(self, writer);
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        T::decode_vec(reader)
    }
}

impl<T: AttributeValue> AttributeValue for Vec<T> {
    type Kind = T::ListKind;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}
