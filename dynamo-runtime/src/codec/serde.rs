//! `#[dynamo(serde)]`: a value whose type has only serde's traits, as DynamoDB JSON.
//!
//! The shapes are those of the crate `serde_dynamo`, so that what it wrote is read, and the other
//! way round: a struct or a map is a map (M), a sequence or a tuple a list (L), text and a unit
//! variant a string (S), a number a number (N), bytes binary (B), `()` and a `None` in another value
//! null; a variant with content is a map with one entry, named by the variant.

use super::{DecodeError, Decoding, Encoding, Reader, Writer, kind};

#[cfg(feature = "serde")]
mod absent;
#[cfg(feature = "serde")]
mod de;
#[cfg(feature = "serde")]
mod de_keys;
#[cfg(feature = "serde")]
mod error;
#[cfg(feature = "serde")]
mod ser;
#[cfg(feature = "serde")]
mod ser_keys;

#[cfg(feature = "serde")]
pub(super) use absent::{is_none, none};

/// The form that the type's own `serde::Serialize` and `serde::Deserialize` give.
#[derive(Debug)]
pub enum Serde {}

/// A type that serde writes, if the feature is on.
#[cfg_attr(
    feature = "serde",
    diagnostic::on_unimplemented(
        message = "`{Self}` cannot be stored by serde",
        label = "this type has no `serde::Serialize`",
        note = "derive it: `#[derive(serde::Serialize, serde::Deserialize)]`; or remove `#[dynamo(serde)]` from the field, for the type's own form"
    )
)]
#[cfg_attr(
    not(feature = "serde"),
    diagnostic::on_unimplemented(
        message = "`#[dynamo(serde)]` needs the feature `serde` of `dynamo-runtime`",
        label = "the feature is off",
        note = "turn it on in Cargo.toml: `dynamo-runtime = {{ .., features = [\"serde\"] }}`"
    )
)]
pub trait WrittenBySerde {
    fn write(&self, writer: &mut Writer);

    fn is_none(&self) -> bool;
}

/// A type that serde reads, if the feature is on.
#[cfg_attr(
    feature = "serde",
    diagnostic::on_unimplemented(
        message = "`{Self}` cannot be read by serde",
        label = "this type has no `serde::Deserialize`",
        note = "derive it: `#[derive(serde::Serialize, serde::Deserialize)]`; or remove `#[dynamo(serde)]` from the field, for the type's own form"
    )
)]
#[cfg_attr(
    not(feature = "serde"),
    diagnostic::on_unimplemented(
        message = "`#[dynamo(serde)]` needs the feature `serde` of `dynamo-runtime`",
        label = "the feature is off",
        note = "turn it on in Cargo.toml: `dynamo-runtime = {{ .., features = [\"serde\"] }}`"
    )
)]
pub trait ReadBySerde<'de>: Sized {
    fn read(reader: &mut Reader<'de>) -> Result<Self, DecodeError>;

    fn none() -> Option<Self>;
}

#[cfg(feature = "serde")]
#[diagnostic::do_not_recommend]
impl<T: serde::Serialize> WrittenBySerde for T {
    fn write(&self, writer: &mut Writer) {
        ser::write(self, writer);
    }

    fn is_none(&self) -> bool {
        absent::is_none(self)
    }
}

#[cfg(feature = "serde")]
#[diagnostic::do_not_recommend]
impl<'de, T: serde::Deserialize<'de>> ReadBySerde<'de> for T {
    fn read(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        de::read(reader)
    }

    fn none() -> Option<Self> {
        absent::none()
    }
}

impl super::encoding::sealed::Form for Serde {}

impl<T: WrittenBySerde> Encoding<T> for Serde {
    type Kind = kind::Untyped;
    // What must not be absent cannot be read from a null either.
    const NULL_IS_ABSENT: bool = true;

    fn encode(value: &T, writer: &mut Writer) {
        value.write(writer);
    }

    fn is_absent(value: &T) -> bool {
        value.is_none()
    }
}

impl<'de, T: ReadBySerde<'de>> Decoding<'de, T> for Serde {
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        T::read(reader)
    }

    fn absent() -> Option<T> {
        T::none()
    }
}
