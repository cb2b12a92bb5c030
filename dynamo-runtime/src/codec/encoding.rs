//! How an attribute is stored where that differs from its type's own form.

use super::impls::{descriptor_of, encode_in_place};
use super::{AttributeValue, Decode, DecodeError, Kind, Reader, Writer, kind};
use crate::value::Timestamp;

/// A form in which a `T` is stored.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be the time of expiry",
    label = "not a time of expiry",
    note = "use `Timestamp` or `Option<Timestamp>` for the field with `#[dynamo(ttl)]`"
)]
pub trait Encoding<T>: sealed::Form {
    /// DynamoDB's type for it.
    type Kind: Kind;

    /// Writes one attribute value.
    fn encode(value: &T, writer: &mut Writer);

    /// Whether the value is stored by leaving the attribute out.
    fn is_absent(value: &T) -> bool;

    /// Whether a value may be left out.
    #[doc(hidden)]
    const MAY_BE_ABSENT: bool = true;
}

/// A form from which a `T` is read.
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

    #[inline]
    fn encode(value: &T, writer: &mut Writer) {
        writer.value(value, descriptor_of::<T>());
    }

    const MAY_BE_ABSENT: bool = T::OPTIONAL;

    #[inline]
    fn is_absent(value: &T) -> bool {
        value.is_absent()
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
}

impl<'de, T: Decode<'de>> Decoding<'de, T> for InPlace {
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        T::decode(reader)
    }

    fn absent() -> Option<T> {
        None
    }
}

/// How a field of this type is stored.
///
/// Generated code asks here for all that it needs of the type.
#[doc(hidden)]
pub trait Stored {
    type Encoding;
    type Operand;
}

impl<T: AttributeValue> Stored for T {
    type Encoding = Plain;
    type Operand = T::Operand;
}

/// The forms are known here: what each writes is one value of its type.
pub(super) mod sealed {
    use super::{EpochSeconds, InPlace, Plain};

    pub trait Form {}
    impl Form for Plain {}
    impl Form for InPlace {}
    impl Form for EpochSeconds {}
}

/// A whole number of seconds since the epoch, as DynamoDB's time to live needs it; a fraction is
/// rounded towards the past.
#[derive(Debug)]
pub enum EpochSeconds {}

impl Encoding<Timestamp> for EpochSeconds {
    type Kind = kind::Number;

    fn encode(value: &Timestamp, writer: &mut Writer) {
        writer.integer(value.epoch_seconds());
    }

    fn is_absent(_: &Timestamp) -> bool {
        false
    }
}

impl Encoding<Option<Timestamp>> for EpochSeconds {
    type Kind = kind::Number;

    fn encode(value: &Option<Timestamp>, writer: &mut Writer) {
        match value {
            Some(timestamp) => <Self as Encoding<Timestamp>>::encode(timestamp, writer),
            None => writer.null(),
        }
    }

    fn is_absent(value: &Option<Timestamp>) -> bool {
        value.is_none()
    }
}

impl Decoding<'_, Timestamp> for EpochSeconds {
    fn decode(reader: &mut Reader<'_>) -> Result<Timestamp, DecodeError> {
        let start = reader.position();
        Timestamp::from_epoch_seconds(reader.integer()?)
            .map_err(|error| DecodeError::refused(start, error.reason()))
    }

    fn absent() -> Option<Timestamp> {
        None
    }
}

impl Decoding<'_, Option<Timestamp>> for EpochSeconds {
    fn decode(reader: &mut Reader<'_>) -> Result<Option<Timestamp>, DecodeError> {
        if reader.null()? {
            return Ok(None);
        }
        <Self as Decoding<'_, Timestamp>>::decode(reader).map(Some)
    }

    fn absent() -> Option<Option<Timestamp>> {
        Some(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::reader::read;

    fn seconds(json: &str) -> Result<Option<Timestamp>, DecodeError> {
        read(json.as_bytes(), <EpochSeconds as Decoding<'_, Option<Timestamp>>>::decode)
    }

    #[test]
    fn an_expiry_is_whole_seconds() {
        let mut writer = Writer::with_capacity(0);
        let before_the_epoch = Timestamp::from_epoch_micros(-1).unwrap();
        <EpochSeconds as Encoding<Timestamp>>::encode(&before_the_epoch, &mut writer);
        assert_eq!(writer.finish().unwrap(), br#"{"N":"-1"}"#);

        assert_eq!(
            seconds(r#"{"N":"17E1"}"#),
            Ok(Some(Timestamp::from_epoch_seconds(170).unwrap()))
        );
        assert_eq!(seconds(r#"{"NULL":true}"#), Ok(None));
    }

    #[test]
    fn an_expiry_with_a_fraction_or_out_of_range_is_refused() {
        assert!(seconds(r#"{"N":"1.5"}"#).unwrap_err().is_out_of_range());
        assert!(seconds(r#"{"N":"253402300800"}"#).is_err());
        assert!(seconds(r#"{"S":"1"}"#).unwrap_err().is_wrong_type());
    }

    #[test]
    fn only_an_optional_expiry_may_be_absent() {
        assert_eq!(<EpochSeconds as Decoding<'_, Option<Timestamp>>>::absent(), Some(None));
        assert_eq!(<EpochSeconds as Decoding<'_, Timestamp>>::absent(), None);
        assert!(<EpochSeconds as Encoding<Option<Timestamp>>>::is_absent(&None));
    }
}
