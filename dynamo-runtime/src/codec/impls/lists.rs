//! `L`, or `B` where the elements are bytes.

use std::sync::Arc;

use super::own;
use crate::codec::{
    AttributeValue, Decode, DecodeError, Encode, Reader, Shapes, ValueShape, Writer, kind,
};

impl<T: AttributeValue> Encode for [T] {
    fn encode(&self, writer: &mut Writer) {
        T::encode_slice(self, writer);
    }

    own!();
}

impl<T: AttributeValue> AttributeValue for [T] {
    type Kind = T::ListKind;
    type ListKind = kind::List;
    type Operand = Vec<T>;
    const OPTIONAL: bool = false;
    const HAS_ONE_SPELLING: bool = T::HAS_ONE_SPELLING;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        shapes.list::<T>(None)
    }
}

impl<T: AttributeValue> Encode for Vec<T> {
    fn encode(&self, writer: &mut Writer) {
        T::encode_slice(self, writer);
    }

    own!();
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
    const HAS_ONE_SPELLING: bool = T::HAS_ONE_SPELLING;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        shapes.list::<T>(None)
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Box<[T]> {
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        T::decode_vec(reader).map(Self::from)
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Arc<[T]> {
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        T::decode_vec(reader).map(Self::from)
    }
}

impl<T: AttributeValue, const N: usize> Encode for [T; N] {
    fn encode(&self, writer: &mut Writer) {
        T::encode_slice(self, writer);
    }

    own!();
}

/// What is stored must have as many elements.
impl<'de, T: Decode<'de>, const N: usize> Decode<'de> for [T; N] {
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        let start = reader.position();
        Self::try_from(T::decode_vec(reader)?).map_err(|_| {
            DecodeError::refused(start, "what is stored has another length than the array")
        })
    }
}

impl<T: AttributeValue, const N: usize> AttributeValue for [T; N] {
    type Kind = T::ListKind;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
    const HAS_ONE_SPELLING: bool = T::HAS_ONE_SPELLING;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        shapes.list::<T>(Some(N))
    }
}
