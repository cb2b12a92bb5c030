//! What DynamoDB can do with a value, by the type that it stores it as.

use super::descriptor::Descriptor;
use super::origin::sealed::Done;
use super::{Encode, Shapes, ValueShape, Writer};

/// How a type is stored, and what it can be compared with.
///
/// A type of your own gets it by `#[derive(Document)]`, or by `#[derive(KeyPart)]` if it can be a key. A type of another
/// crate is stored as a newtype, with [`Encode`], [`Decode`](super::Decode) and this trait by hand, as the program
/// `examples/examples/own_types.rs` shows:
///
/// ```
/// use std::net::IpAddr;
///
/// use dynamo_runtime::codec::{AttributeValue, Decode, DecodeError, Encode, Reader, Writer, kind};
/// use dynamo_runtime::prelude::*;
///
/// #[derive(Debug, PartialEq)]
/// struct Address(IpAddr);
///
/// impl Encode for Address {
///     fn encode(&self, writer: &mut Writer) {
///         writer.string(&self.0.to_string());
///     }
/// }
///
/// impl Decode<'_> for Address {
///     fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
///         let place = reader.position();
///         let text = reader.string()?;
///         text.parse().map(Self).map_err(|_| DecodeError::refused(place, "it is not an IP address"))
///     }
/// }
///
/// impl AttributeValue for Address {
///     type Kind = kind::Text;
///     type ListKind = kind::List;
///     type Operand = Self;
/// }
///
/// #[derive(Document, Debug, PartialEq)]
/// struct Host {
///     addresses: Vec<Address>,
/// }
///
/// let host = Host { addresses: vec![Address("192.0.2.1".parse()?)] };
/// let json = dynamo_runtime::codec::encode_item(&host)?;
/// assert_eq!(json, br#"{"addresses":{"L":[{"S":"192.0.2.1"}]}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored as a DynamoDB attribute",
    label = "this type has no form as an attribute value",
    note = "these types have one: text, `bool`, integers of 8 to 128 bits, `f32`, `f64`, `Number`, bytes, `Timestamp`, `Version`, and `Option`, `Vec`, `Box`, `Arc`, `Sensitive`, arrays, tuples, maps and sets of these; a struct or an enum of yours gets one by `#[derive(Document)]`; all are in the table of `dynamo_runtime::codec`"
)]
pub trait AttributeValue: Encode {
    /// DynamoDB's type for it.
    type Kind: Kind;

    /// DynamoDB's type for a `Vec` of it: [`List`], for a type by hand.
    type ListKind: Kind;

    /// What a condition compares it with: the type itself, or `T` for an `Option<T>`.
    type Operand: AttributeValue;

    /// Whether the attribute may be absent from an item, as of an `Option`.
    const OPTIONAL: bool = false;

    /// Whether each value is read from one text only, up to DynamoDB's own spelling of numbers.
    #[doc(hidden)]
    const HAS_ONE_SPELLING: bool = false;

    /// Its values as they are stored, as data.
    #[doc(hidden)]
    fn shape(shapes: &mut Shapes) -> ValueShape {
        let _ = shapes;
        ValueShape::of_descriptor(descriptor_of::<Self>())
    }

    /// Writes what a `Vec` of it is stored as.
    #[doc(hidden)]
    fn encode_slice(slice: &[Self], writer: &mut Writer) -> Done
    where
        Self: Sized,
    {
        const {
            assert!(
                is_list::<Self>(),
                "the `Vec` of a type by hand is a list\n\nhelp: write `type ListKind = kind::List;`"
            );
        };
        writer.list(slice, encode_in_place);
        Done(())
    }
}

const fn is_list<T: AttributeValue>() -> bool {
    matches!(<T::ListKind as sealed::Sealed>::DESCRIPTOR, Some(Descriptor::List))
}

/// One of DynamoDB's data types.
pub trait Kind: sealed::Sealed {}

/// A data type with an order: `<`, `<=`, `>`, `>=` and `BETWEEN`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` attribute has no order in DynamoDB",
    label = "only text, numbers and binary can be compared by order",
    note = "compare it by `.eq(..)` or `.ne(..)`"
)]
pub trait Ordered: Kind {}

/// A data type that `begins_with` knows.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` attribute has no beginning in DynamoDB",
    label = "only text and binary can be tested by `begins_with`",
    note = "compare it by `.eq(..)`, or a number by `.between(..)`"
)]
pub trait Prefixed: Kind {}

/// A data type with a size.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` attribute has no size in DynamoDB",
    label = "only text, binary, lists, maps and sets have a `size`",
    note = "compare its value, as by `.eq(..)`"
)]
pub trait Measured: Kind {}

/// A data type for arithmetic.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` attribute cannot be added to in DynamoDB",
    label = "only numbers can be added and subtracted",
    note = "give it a new value by `.set(..)`"
)]
pub trait Addable: Kind {}

/// A set, whose elements all are strings, numbers or binary.
pub trait SetKind: Kind + sealed::Set {
    /// DynamoDB's type for an element.
    type Element: Kind;
}

/// A type that can be an element of a set; one that is text can also be the key of a map.
///
/// Two elements are equal if and only if their stored forms are: DynamoDB takes no element twice.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be an element of a set or the key of a map",
    label = "not stored as text, a number or binary",
    note = "the elements of a set are text, integers, `Number` or binary; the keys of a map are text; a list of anything is a `Vec`"
)]
pub trait SetElement: AttributeValue<Kind = <Self::Set as SetKind>::Element> {
    /// DynamoDB's type for a set of it.
    type Set: SetKind;
}

pub(super) mod sealed {
    use super::Descriptor;

    pub trait Sealed {
        /// `None` is any.
        const DESCRIPTOR: Option<Descriptor>;
    }

    pub trait Set {
        const SET: Descriptor;
        const ELEMENT: Descriptor;
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $(= $descriptor:ident)?: $($ability:ident)*;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}
        impl sealed::Sealed for $kind {
            const DESCRIPTOR: Option<Descriptor> = kinds!(@ $($descriptor)?);
        }
        impl Kind for $kind {}
        $(impl $ability for $kind {})*
    )*};
    (@ $descriptor:ident) => { Some(Descriptor::$descriptor) };
    (@) => { None };
}

kinds! {
    /// A string, `S`.
    Text = Text: Ordered Prefixed Measured;
    /// A number, `N`.
    Number = Number: Ordered Addable;
    /// Bytes, `B`.
    Binary = Binary: Ordered Prefixed Measured;
    /// A boolean, `BOOL`.
    Boolean = Boolean:;
    /// A list, `L`.
    List = List: Measured;
    /// A list, `L`, of numbers that are one value together: an embedding.
    Vector = List:;
    /// A map, `M`.
    Map = Map: Measured;
    /// A set of strings, `SS`.
    TextSet = TextSet: Measured;
    /// A set of numbers, `NS`.
    NumberSet = NumberSet: Measured;
    /// A set of bytes, `BS`.
    BinarySet = BinarySet: Measured;
    /// A string, `S`, whose order is not that of what it stands for.
    EncodedText = Text: Measured;
    /// Bytes, `B`, whose order is not that of what they stand for.
    EncodedBinary = Binary: Measured;
    /// A list, `L`, whose elements have another form than their type's own.
    MappedList = List: Measured;
    /// Any data type, as the value has it: what serde writes.
    Untyped:;
}

macro_rules! set_kinds {
    ($($set:ident of $element:ident;)*) => {$(
        impl SetKind for $set {
            type Element = $element;
        }

        impl sealed::Set for $set {
            const SET: Descriptor = Descriptor::$set;
            const ELEMENT: Descriptor = Descriptor::$element;
        }
    )*};
}

set_kinds! {
    TextSet of Text;
    NumberSet of Number;
    BinarySet of Binary;
}

/// Writes a value where it has a place that cannot be left out: of a list, a tuple or a map.
pub(super) fn encode_in_place<T: AttributeValue>(value: &T, writer: &mut Writer) {
    if !value.is_absent() {
        writer.value(value, descriptor_of::<T>());
    } else if T::OPTIONAL {
        writer.null();
    } else {
        writer.refuse_absent();
    }
}

/// The one type that it is stored as.
pub(crate) const fn descriptor_of<T: AttributeValue + ?Sized>() -> Option<Descriptor> {
    descriptor_of_kind::<T::Kind>()
}

/// The one data type that it is.
pub(super) const fn descriptor_of_kind<K: Kind>() -> Option<Descriptor> {
    K::DESCRIPTOR
}
