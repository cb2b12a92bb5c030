//! How an attribute is stored where that differs from its type's own form.

use super::error::Problem;
use super::impls::{descriptor_of, encode_in_place};
use super::number::Decimal;
use super::same::same_value;
use super::{AttributeValue, Decode, DecodeError, Kind, Reader, Writer, kind};
use crate::value::{Timestamp, TimestampError};

/// A form in which a `T` is stored.
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

/// The type's own form, of a key: what is read has the one spelling that is written.
///
/// A key of another spelling is another key to DynamoDB, so the item would not be found by it.
#[derive(Debug)]
pub enum NativeKey {}

impl<T: AttributeValue> Encoding<T> for NativeKey {
    type Kind = T::Kind;
    const NULL_IS_ABSENT: bool = T::OPTIONAL;
    const MAY_BE_ABSENT: bool = T::OPTIONAL;

    #[inline]
    fn encode(value: &T, writer: &mut Writer) {
        <Plain as Encoding<T>>::encode(value, writer);
    }

    #[inline]
    fn is_absent(value: &T) -> bool {
        value.is_absent()
    }
}

impl<'de, T: Decode<'de> + AttributeValue> Decoding<'de, T> for NativeKey {
    #[inline]
    fn decode(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        if T::HAS_ONE_SPELLING {
            return T::decode(reader);
        }
        let start = reader.position();
        let value = T::decode(reader)?;
        if !value.is_absent() && !is_spelling(&value, reader.since(start)) {
            return Err(DecodeError::new(start, Problem::Respelt));
        }
        Ok(value)
    }

    fn absent() -> Option<T> {
        T::absent()
    }
}

/// Whether the value is written as it stands here.
fn is_spelling<T: AttributeValue>(value: &T, json: &[u8]) -> bool {
    let mut writer = Writer::with_capacity(json.len());
    <Plain as Encoding<T>>::encode(value, &mut writer);
    writer.finish().is_ok_and(|written| written == json || same_value(json, &written) == Ok(true))
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
    /// Where it is a key.
    type KeyEncoding;
    type Operand;
}

impl<T: AttributeValue> Stored for T {
    type Encoding = Plain;
    type KeyEncoding = NativeKey;
    type Operand = T::Operand;
}

/// The forms are known here: what each writes is one value of its type.
pub(super) mod sealed {
    use super::{EpochSeconds, InPlace, NativeKey, Plain};

    pub trait Form {}
    impl Form for Plain {}
    impl Form for NativeKey {}
    impl Form for InPlace {}
    impl Form for EpochSeconds {}
}

/// A whole number of seconds since the epoch, as DynamoDB's time to live needs it; a fraction is
/// read, and rounded towards the past when it is written.
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
    const NULL_IS_ABSENT: bool = true;

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
        let time = match reader.integer() {
            Ok(seconds) => Timestamp::from_epoch_seconds(seconds),
            Err(error) if error.is_out_of_range() => {
                reader.seek(start);
                from_fraction(&reader.decimal()?)
            }
            Err(error) => return Err(error),
        };
        time.map_err(|error| DecodeError::refused(start, error.reason()))
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

/// What is less than a microsecond is rounded towards the past, as the whole seconds are which are
/// written.
fn from_fraction(seconds: &str) -> Result<Timestamp, TimestampError> {
    Decimal::parse(seconds)
        .and_then(|seconds| i64::try_from(seconds.floor(6)?).ok())
        .ok_or(TimestampError::OUT_OF_RANGE)
        .and_then(Timestamp::from_epoch_micros)
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
    fn a_fraction_of_a_second_is_read_to_the_microsecond() {
        for (number, micros) in [
            ("1.5", 1_500_000),
            ("1700000000.1234567", 1_700_000_000_123_456),
            ("17E-1", 1_700_000),
            ("1E-9", 0),
            ("-1E-9", -1),
            ("-1.5", -1_500_000),
            ("-1.0000001", -1_000_001),
        ] {
            let read = seconds(&format!(r#"{{"N":"{number}"}}"#));
            assert_eq!(read, Ok(Some(Timestamp::from_epoch_micros(micros).unwrap())), "{number}");
        }
    }

    #[test]
    fn an_expiry_that_is_no_time_is_refused() {
        for number in ["253402300800", "253402300800.5", "1700000000000", "1E125", "-1E125"] {
            let error = seconds(&format!(r#"{{"N":"{number}"}}"#)).unwrap_err();
            assert!(error.to_string().ends_with("outside of the years 0001 to 9999"), "{error}");
        }
        assert!(seconds(r#"{"S":"1"}"#).unwrap_err().is_wrong_type());
    }

    #[test]
    fn only_an_optional_expiry_may_be_absent() {
        assert_eq!(<EpochSeconds as Decoding<'_, Option<Timestamp>>>::absent(), Some(None));
        assert_eq!(<EpochSeconds as Decoding<'_, Timestamp>>::absent(), None);
        assert!(<EpochSeconds as Encoding<Option<Timestamp>>>::is_absent(&None));
    }
}
