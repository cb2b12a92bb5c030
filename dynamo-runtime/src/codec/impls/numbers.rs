//! `N`.

use super::{elements_of, own, stored_as};
use crate::codec::origin::sealed::Done;
use crate::codec::{
    AttributeValue, Decode, DecodeError, Encode, Reader, Shapes, ValueShape, Writer, kind,
};

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Encode for $type {
            #[inline]
            fn encode(&self, writer: &mut Writer) {
                writer.integer(*self);
            }

            own!();
        }

        impl AttributeValue for $type {
            type Kind = kind::Number;
            type ListKind = kind::List;
            type Operand = Self;
            const OPTIONAL: bool = false;
            const HAS_ONE_SPELLING: bool = true;

            fn shape(_: &mut Shapes) -> ValueShape {
                integer(i128::try_from(<$type>::MIN), u128::try_from(<$type>::MAX))
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
stored_as!(Number, "f32": f32);
stored_as!(Number, "f64": f64);
elements_of!(NumberSet: i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

/// The bounds of the type; each type of the language is within those of the shape.
fn integer<L, M>(least: Result<i128, L>, most: Result<u128, M>) -> ValueShape {
    ValueShape::Integer { least: least.unwrap_or(i128::MIN), most: most.unwrap_or(u128::MAX) }
}

/// One byte is a number; a `Vec` of bytes is binary.
impl Encode for u8 {
    fn encode(&self, writer: &mut Writer) {
        writer.integer(*self);
    }

    own!();
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
    const HAS_ONE_SPELLING: bool = true;

    fn shape(_: &mut Shapes) -> ValueShape {
        ValueShape::Integer { least: 0, most: Self::MAX.into() }
    }

    fn encode_slice(slice: &[Self], writer: &mut Writer) -> Done {
        writer.binary(slice);
        Done(())
    }
}

impl Encode for f64 {
    fn encode(&self, writer: &mut Writer) {
        writer.float(*self);
    }

    own!();
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

    own!();
}

impl Decode<'_> for f32 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.float32()
    }
}
