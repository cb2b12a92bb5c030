//! `N`.

use super::{elements_of, own, stored_as};
use crate::codec::origin::sealed::Done;
use crate::codec::{AttributeValue, Decode, DecodeError, Encode, Reader, Writer, kind};

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Encode for $type {
            #[inline]
            fn encode(&self, writer: &mut Writer) {
                writer.integer(*self);
            }

            own!();
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
stored_as!(Number: i8, i16, i32, i64, i128, u16, u32, u64, u128, f32, f64);
elements_of!(NumberSet: i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

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
