//! The time of expiry as DynamoDB's time to live needs it.

use super::{Timestamp, TimestampError};
use crate::codec::kind::Number;
use crate::codec::number::Decimal;
use crate::codec::{DecodeError, Decoding, Encoding, Form, Reader, Shapes, ValueShape, Writer};

/// A whole number of seconds since the epoch, as DynamoDB's time to live needs it; a fraction is
/// read, and rounded towards the past when it is written.
#[derive(Debug)]
pub enum EpochSeconds {}

impl Form for EpochSeconds {}

impl Encoding<Timestamp> for EpochSeconds {
    type Kind = Number;

    fn encode(value: &Timestamp, writer: &mut Writer) {
        writer.integer(value.epoch_seconds());
    }

    fn is_absent(_: &Timestamp) -> bool {
        false
    }

    fn shape(_: &mut Shapes) -> ValueShape {
        ValueShape::scalar("N", "epoch seconds")
    }
}

impl Encoding<Option<Timestamp>> for EpochSeconds {
    type Kind = Number;
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

    fn shape(shapes: &mut Shapes) -> ValueShape {
        ValueShape::Optional(<Self as Encoding<Timestamp>>::shape(shapes).into())
    }
}

impl Decoding<'_, Timestamp> for EpochSeconds {
    fn decode(reader: &mut Reader<'_>) -> Result<Timestamp, DecodeError> {
        let start = reader.position();
        let time = match reader.integer() {
            Ok(seconds) => Timestamp::from_epoch_seconds(seconds),
            Err(error) if error.is_out_of_range() => {
                reader.seek(start);
                from_epoch(&reader.decimal()?, 1_000_000)
            }
            Err(error) => return Err(error),
        };
        time.map_err(|error| {
            reader.seek(start);
            let number = reader.decimal().unwrap_or_default();
            DecodeError::refused(start, reason(&number, &error))
        })
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

/// The time so many units after the epoch, each of so many microseconds: 1, 1,000 or 1,000,000.
///
/// What is less than a microsecond is rounded towards the past, as the whole seconds are which are
/// written.
pub(super) fn from_epoch(units: &str, unit: i64) -> Result<Timestamp, TimestampError> {
    let places = match unit {
        1 => 0,
        1_000 => 3,
        _ => 6,
    };
    Decimal::parse(units)
        .and_then(|units| i64::try_from(units.floor(places)?).ok())
        .ok_or(TimestampError::OUT_OF_RANGE)
        .and_then(Timestamp::from_epoch_micros)
}

/// What is told of an expiry that is no time in seconds.
fn reason(number: &str, error: &TimestampError) -> &'static str {
    if from_epoch(number, 1_000).is_ok() {
        "as seconds the expiry is after the year 9999, so the number seems to be milliseconds, and \
         DynamoDB never deletes the item: read it as data, by `form = epoch_millis` without `ttl`"
    } else {
        error.reason()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::read;

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
        for number in ["1700000000000000", "1E125", "-1E125"] {
            let error = seconds(&format!(r#"{{"N":"{number}"}}"#)).unwrap_err();
            assert!(error.to_string().ends_with("outside of the years 0001 to 9999"), "{error}");
        }
        for number in ["253402300800", "253402300800.5", "1700000000000"] {
            let error = seconds(&format!(r#"{{"N":"{number}"}}"#)).unwrap_err();
            assert!(error.to_string().contains("milliseconds"), "{error}");
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
