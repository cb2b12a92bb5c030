//! What is stored as that which it points to.

use std::sync::Arc;

use crate::codec::{
    AttributeValue, Decode, DecodeError, Encode, Origin, Reader, Shapes, ValueShape, Writer, kind,
};

macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<T: Encode + ?Sized> Encode for $pointer {
            fn encode(&self, writer: &mut Writer) {
                (**self).encode(writer);
            }

            fn is_absent(&self) -> bool {
                (**self).is_absent()
            }

            #[inline]
            fn origin(&self) -> Origin {
                (**self).origin()
            }
        }

        impl<T: AttributeValue + ?Sized> AttributeValue for $pointer {
            type Kind = T::Kind;
            type ListKind = kind::List;
            type Operand = T::Operand;
            const OPTIONAL: bool = T::OPTIONAL;
            const HAS_ONE_SPELLING: bool = T::HAS_ONE_SPELLING;

            fn shape(shapes: &mut Shapes) -> ValueShape {
                T::shape(shapes)
            }
        }
    )*};
}

pointers!(&T, Box<T>, Arc<T>);

macro_rules! owning_pointers {
    ($($pointer:ident),*) => {$(
        impl<'de, T: Decode<'de>> Decode<'de> for $pointer<T> {
            fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
                T::decode(reader).map(Self::new)
            }

            fn absent() -> Option<Self> {
                T::absent().map(Self::new)
            }
        }
    )*};
}

owning_pointers!(Box, Arc);
