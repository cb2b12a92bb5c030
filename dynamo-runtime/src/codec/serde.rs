//! `#[dynamo(serde)]`: a value whose type has only serde's traits, as DynamoDB JSON.
//!
//! The shapes are those of the crate `serde_dynamo`, so that what it wrote is read, and the other
//! way round: a struct or a map is a map (M), a sequence or a tuple a list (L), text and a unit
//! variant a string (S), a number a number (N), bytes binary (B), `()` and a `None` in another value
//! null; a variant with content is a map with one entry, named by the variant.

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
#[cfg(all(test, feature = "serde"))]
mod tests;

#[cfg(feature = "serde")]
mod form {
    use serde::{Deserialize, Serialize};

    use super::{Serde, absent, de, ser};
    use crate::codec::{DecodeError, Decoding, Encoding, Reader, Writer, kind};

    impl<T: Serialize> Encoding<T> for Serde {
        type Kind = kind::Untyped;

        fn encode(value: &T, writer: &mut Writer) {
            ser::write(value, writer);
        }

        fn is_absent(value: &T) -> bool {
            absent::is_none(value)
        }
    }

    impl<'de, T: Deserialize<'de>> Decoding<'de, T> for Serde {
        fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
            de::read(reader)
        }

        fn absent() -> Option<T> {
            absent::none()
        }
    }
}

#[cfg(not(feature = "serde"))]
mod form {
    use super::Serde;
    use crate::codec::{DecodeError, Decoding, Encoding, Reader, Writer, kind};

    /// No type has it: without the feature there is nothing to read or write by.
    #[diagnostic::on_unimplemented(
        message = "`#[dynamo(serde)]` needs the feature `serde` of `dynamo-runtime`",
        label = "the feature is off",
        note = "in Cargo.toml: `dynamo-runtime = {{ version = \"..\", features = [\"serde\"] }}`"
    )]
    pub trait Feature {
        const NEVER: std::convert::Infallible;
    }

    impl<T: Feature> Encoding<T> for Serde {
        type Kind = kind::Untyped;

        fn encode(_: &T, _: &mut Writer) {
            match T::NEVER {}
        }

        fn is_absent(_: &T) -> bool {
            match T::NEVER {}
        }
    }

    impl<T: Feature> Decoding<'_, T> for Serde {
        fn decode(_: &mut Reader<'_>) -> Result<T, DecodeError> {
            match T::NEVER {}
        }

        fn absent() -> Option<T> {
            match T::NEVER {}
        }
    }
}

/// The form that the type's own `serde::Serialize` and `serde::Deserialize` give.
#[derive(Debug)]
pub enum Serde {}
