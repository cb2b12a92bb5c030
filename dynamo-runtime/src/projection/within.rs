//! Attributes of a document that an attribute holds.

use std::sync::Arc;

use super::Selected;
use crate::codec::{DecodeError, DecodeItem, Plain, Reader, decode_item};
use crate::value::Sensitive;

/// A type as which a projection reads some attributes of the document in an attribute, which holds
/// a `Self`.
///
/// A derive implements it for each document and projection of it. A `Box` or an `Arc` around the
/// document is none around the projection, which holds no more than what is asked for.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the projection reads a part of this attribute as a `{P}`, and the attribute holds a `{Self}`",
    label = "not a projection of the document in this attribute",
    note = "a field with `#[dynamo(project)]` has the type of a projection of that document: `#[derive(Projection)]` and `#[dynamo(of = ..)]`; in an `Option` or a `Sensitive` where the document is in one"
)]
pub trait ReadWithin<'de, C, P> {
    /// What is asked for of the document.
    const SELECTION: Option<&'static [Selected]>;

    /// Reads what is there of the document.
    ///
    /// # Errors
    /// When it is no map, or an attribute is missing, duplicate or does not fit.
    fn read_within(reader: &mut Reader<'de>) -> Result<P, DecodeError>;

    /// What it is read as where nothing is there of it.
    fn absent_within() -> Option<P>;
}

/// DynamoDB gives no map of which nothing is asked for that is there, so one that must be there is
/// read as an empty one.
#[doc(hidden)]
#[must_use]
pub fn absent_map<'de, P: DecodeItem<'de>>() -> Option<P> {
    decode_item(b"{}").ok()
}

#[diagnostic::do_not_recommend]
impl<'de, T: ReadWithin<'de, Plain, P>, P> ReadWithin<'de, Plain, Option<P>> for Option<T> {
    const SELECTION: Option<&'static [Selected]> = T::SELECTION;

    #[inline]
    fn read_within(reader: &mut Reader<'de>) -> Result<Option<P>, DecodeError> {
        if reader.null()? {
            return Ok(None);
        }
        T::read_within(reader).map(Some)
    }

    fn absent_within() -> Option<Option<P>> {
        Some(None)
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: ReadWithin<'de, Plain, P>, P> ReadWithin<'de, Plain, Sensitive<P>> for Sensitive<T> {
    const SELECTION: Option<&'static [Selected]> = T::SELECTION;

    #[inline]
    fn read_within(reader: &mut Reader<'de>) -> Result<Sensitive<P>, DecodeError> {
        reader.sensitive(T::read_within).map(Sensitive::new)
    }

    fn absent_within() -> Option<Sensitive<P>> {
        T::absent_within().map(Sensitive::new)
    }
}

macro_rules! behind {
    ($($pointer:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'de, T: ReadWithin<'de, Plain, P>, P> ReadWithin<'de, Plain, P> for $pointer<T> {
            const SELECTION: Option<&'static [Selected]> = T::SELECTION;

            #[inline]
            fn read_within(reader: &mut Reader<'de>) -> Result<P, DecodeError> {
                T::read_within(reader)
            }

            fn absent_within() -> Option<P> {
                T::absent_within()
            }
        }
    )*};
}

behind!(Box, Arc);
