//! How an attribute is stored where that differs from its type's own form.

use std::marker::PhantomData;

use super::kind::{descriptor_of, descriptor_of_kind, encode_in_place};
use super::{AttributeValue, Decode, DecodeError, Kind, Reader, Shapes, ValueShape, Writer};

/// A form in which a `T` is stored.
///
/// ```
/// use dynamo_runtime::codec::{Encoding, Plain, Writer};
///
/// let mut writer = Writer::default();
/// Plain::encode(&7_u32, &mut writer);
/// assert_eq!(writer.finish()?, br#"{"N":"7"}"#);
/// assert!(Plain::is_absent(&None::<u32>));
/// # Ok::<(), dynamo_runtime::codec::EncodeError>(())
/// ```
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

    /// Whether what is absent elsewhere is written as a null.
    #[doc(hidden)]
    const WRITES_NULL: bool = false;

    /// Tells it from forms of the same data type with which it has no common order.
    #[doc(hidden)]
    const SCALE: u32 = 0;

    /// Its values as they are stored, as data.
    #[doc(hidden)]
    fn shape(shapes: &mut Shapes) -> ValueShape {
        let _ = shapes;
        ValueShape::of_descriptor(descriptor_of_kind::<Self::Kind>())
    }
}

/// A form from which a `T` is read.
///
/// ```
/// use dynamo_runtime::codec::{Decoding, Plain, Reader};
///
/// let seven: u32 = Plain::decode(&mut Reader::new(br#"{"N": "7"}"#)?)?;
/// assert_eq!(seven, 7);
/// assert_eq!(<Plain as Decoding<'_, Option<u32>>>::absent(), Some(None));
/// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
/// ```
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

    fn shape(shapes: &mut Shapes) -> ValueShape {
        T::shape(shapes)
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

    fn shape(shapes: &mut Shapes) -> ValueShape {
        T::shape(shapes)
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

/// The form `C`, in which an absent value is written as a null: for another program that expects
/// one.
#[derive(Debug)]
pub struct NullWhenNone<C>(PhantomData<C>);

impl<C: Encoding<T>, T> Encoding<T> for NullWhenNone<C> {
    type Kind = C::Kind;
    const NULL_IS_ABSENT: bool = C::NULL_IS_ABSENT;
    const WRITES_NULL: bool = true;
    const SCALE: u32 = C::SCALE;

    fn encode(value: &T, writer: &mut Writer) {
        if C::is_absent(value) {
            writer.null();
        } else {
            C::encode(value, writer);
        }
    }

    fn is_absent(_: &T) -> bool {
        false
    }

    fn shape(shapes: &mut Shapes) -> ValueShape {
        C::shape(shapes)
    }
}

impl<'de, C: Decoding<'de, T>, T> Decoding<'de, T> for NullWhenNone<C> {
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        C::decode(reader)
    }

    fn absent() -> Option<T> {
        C::absent()
    }
}

/// A type of a field that can be written as a null.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` is never `None`, so it is never written as a null",
    label = "not an `Option`",
    note = "make the field an `Option`, or remove `null_when_none`"
)]
pub trait NoneAsNull: sealed::Optional {
    type Encoding<C>;
}

impl<T> NoneAsNull for Option<T> {
    type Encoding<C> = NullWhenNone<C>;
}

/// What a condition compares an attribute with of whose form it can say nothing: there is no such
/// value.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum NotCompared {}

/// The form of an `Option` of what has a form.
macro_rules! optional_as {
    ([$($parameter:ident)?] $form:ty) => {
        impl<$($parameter,)? T> $crate::codec::Encoding<Option<T>> for $form
        where
            Self: $crate::codec::Encoding<T>,
        {
            type Kind = <Self as $crate::codec::Encoding<T>>::Kind;
            const NULL_IS_ABSENT: bool = true;
            const SCALE: u32 = <Self as $crate::codec::Encoding<T>>::SCALE;

            fn encode(value: &Option<T>, writer: &mut $crate::codec::Writer) {
                match value {
                    Some(value) => <Self as $crate::codec::Encoding<T>>::encode(value, writer),
                    None => writer.null(),
                }
            }

            fn is_absent(value: &Option<T>) -> bool {
                value.as_ref().is_none_or(<Self as $crate::codec::Encoding<T>>::is_absent)
            }

            fn shape(shapes: &mut $crate::codec::Shapes) -> $crate::codec::ValueShape {
                let shape = <Self as $crate::codec::Encoding<T>>::shape(shapes);
                $crate::codec::ValueShape::Optional(shape.into())
            }
        }

        impl<'de, $($parameter,)? T> $crate::codec::Decoding<'de, Option<T>> for $form
        where
            Self: $crate::codec::Decoding<'de, T>,
        {
            fn decode(
                reader: &mut $crate::codec::Reader<'de>,
            ) -> Result<Option<T>, $crate::codec::DecodeError> {
                if reader.null()? {
                    return Ok(None);
                }
                <Self as $crate::codec::Decoding<'de, T>>::decode(reader).map(Some)
            }

            fn absent() -> Option<Option<T>> {
                Some(None)
            }
        }
    };
}

pub(crate) use optional_as;

/// The forms are known in this crate alone: what each writes is one value of its type.
pub(crate) mod sealed {
    use super::{InPlace, NullWhenNone, Plain};

    pub trait Form {}
    impl Form for Plain {}
    impl Form for InPlace {}
    impl<C> Form for NullWhenNone<C> {}

    pub trait Optional {}
    impl<T> Optional for Option<T> {}
}
