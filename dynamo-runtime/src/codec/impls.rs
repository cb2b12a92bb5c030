//! The types of the language as attribute values, by what DynamoDB stores them as.

use super::{
    AttributeValue, Decode, DecodeError, Encode, Origin, Reader, Shapes, ValueShape, Writer, kind,
};

mod binary;
mod lists;
mod maps;
mod numbers;
mod pointers;
mod sets;
mod text;
mod tuples;

/// Types that are compared with themselves and whose `Vec` is a list.
macro_rules! stored_as {
    ($kind:ident: $($type:ty),*) => {
        $crate::codec::impls::stored_as!($kind, true, "": $($type),*);
    };
    ($kind:ident, $form:literal: $($type:ty),*) => {
        $crate::codec::impls::stored_as!($kind, true, $form: $($type),*);
    };
    // With whether a value has one spelling only, and what form it has.
    ($kind:ident, $has_one_spelling:literal, $form:literal: $($type:ty),*) => {$(
        impl $crate::codec::AttributeValue for $type {
            type Kind = $crate::codec::kind::$kind;
            type ListKind = $crate::codec::kind::List;
            type Operand = Self;
            const OPTIONAL: bool = false;
            const HAS_ONE_SPELLING: bool = $has_one_spelling;

            fn shape(_: &mut $crate::codec::Shapes) -> $crate::codec::ValueShape {
                $crate::codec::ValueShape::in_form::<Self>($form)
            }
        }
    )*};
}

/// Types that can be elements of a set.
macro_rules! elements_of {
    ($set:ident: $($type:ty),*) => {$(
        impl $crate::codec::SetElement for $type {
            type Set = $crate::codec::kind::$set;
        }
    )*};
}

/// That an implementation of `Encode` is the library's own.
macro_rules! own {
    () => {
        #[inline]
        fn origin(&self) -> $crate::codec::Origin {
            $crate::codec::Origin::OWN
        }
    };
}

pub(crate) use {elements_of, own, stored_as};

impl Encode for bool {
    fn encode(&self, writer: &mut Writer) {
        writer.bool(*self);
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for bool {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.bool()
    }
}

stored_as!(Boolean: bool);

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

    #[inline]
    fn origin(&self) -> Origin {
        self.as_ref().map_or(Origin::OWN, Encode::origin)
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
    const HAS_ONE_SPELLING: bool = T::HAS_ONE_SPELLING;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        match T::shape(shapes) {
            optional @ (ValueShape::Any | ValueShape::Optional(_)) => optional,
            shape => ValueShape::Optional(shape.into()),
        }
    }
}
