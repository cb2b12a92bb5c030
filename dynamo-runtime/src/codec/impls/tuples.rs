//! `L` of a fixed length, whose elements may have types of their own.

use super::own;
use crate::codec::kind::encode_in_place;
use crate::codec::{
    AttributeValue, Decode, DecodeError, Encode, Reader, Shapes, ValueShape, Writer, kind,
};

const WRONG_LENGTH: &str = "the list has another length than the tuple";

macro_rules! tuple {
    ($($element:ident $index:tt),*) => {
        impl<$($element: AttributeValue),*> Encode for ($($element,)*) {
            fn encode(&self, writer: &mut Writer) {
                writer.list([$($index),*], |index, writer| match index {
                    $($index => encode_in_place(&self.$index, writer),)*
                    _ => {}
                });
            }

            own!();
        }

        impl<'de, $($element: Decode<'de>),*> Decode<'de> for ($($element,)*) {
            fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
                let start = reader.position();
                let mut elements = ($(None::<$element>,)*);
                let mut next = 0;
                reader.list(|reader| {
                    match next {
                        $($index => elements.$index = Some($element::decode(reader)?),)*
                        _ => return Err(DecodeError::refused(start, WRONG_LENGTH)),
                    }
                    next += 1;
                    Ok(())
                })?;
                Ok(($(
                    elements.$index.ok_or_else(|| DecodeError::refused(start, WRONG_LENGTH))?,
                )*))
            }
        }

        impl<$($element: AttributeValue),*> AttributeValue for ($($element,)*) {
            type Kind = kind::List;
            type ListKind = kind::List;
            type Operand = Self;
            const OPTIONAL: bool = false;

            fn shape(shapes: &mut Shapes) -> ValueShape {
                ValueShape::Tuple(vec![$($element::shape(shapes)),*])
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
