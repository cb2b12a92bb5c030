//! The time of a record, in each form that it has on its way.

use crate::codec::number::Decimal;
use crate::codec::{DecodeError, Reader};
use crate::value::Timestamp;

/// The unit that a record names: Kinesis Data Streams has the two, and DynamoDB Streams seconds.
///
/// Source: [EnableKinesisStreamingConfiguration](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingConfiguration.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    Millisecond,
    Microsecond,
}

impl Precision {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.position();
        match &*reader.json_string()? {
            "MILLISECOND" => Ok(Self::Millisecond),
            "MICROSECOND" => Ok(Self::Microsecond),
            _ => Err(DecodeError::refused(start, "expected `MILLISECOND` or `MICROSECOND`")),
        }
    }
}

/// A time as text, RFC 3339, or a number since the epoch, which may have a fraction and an exponent.
///
/// Where no precision is named, the number's size tells: up to eleven digits before its point are
/// seconds, up to the year 5138; up to fourteen are milliseconds, since 1973; and more are
/// microseconds.
pub(super) fn time(
    reader: &mut Reader<'_>,
    precision: Option<Precision>,
) -> Result<Timestamp, DecodeError> {
    let start = reader.position();
    let refused = || DecodeError::refused(start, "expected a time, in RFC 3339 or since the epoch");
    if reader.peek() == Some(b'"') {
        return reader.json_string()?.parse().map_err(|_| refused());
    }
    let text = std::str::from_utf8(reader.raw_value()?).ok();
    let number = text.and_then(Decimal::parse).ok_or_else(refused)?;
    let time = micros(&number, precision).and_then(|time| Timestamp::from_epoch_micros(time).ok());
    time.ok_or_else(refused)
}

/// Whole microseconds, by the number's digits: a float would not hold them.
fn micros(number: &Decimal<'_>, precision: Option<Precision>) -> Option<i64> {
    if number.negative {
        return None;
    }
    // The digits stand after a point, which this moves.
    let shift = match (precision, number.magnitude) {
        (None, ..=11) => 6,
        (Some(Precision::Millisecond), _) | (None, 12..=14) => 3,
        (Some(Precision::Microsecond) | None, _) => 0,
    };
    let Ok(length) = usize::try_from(number.magnitude.checked_add(shift)?) else { return Some(0) };
    let mut digits = number.digits_text();
    if digits.is_empty() {
        return Some(0);
    }
    // More than any time has.
    if length > 18 {
        return None;
    }
    digits.truncate(length);
    digits.extend(std::iter::repeat_n('0', length - digits.len()));
    if digits.is_empty() { Some(0) } else { digits.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::read;

    #[test]
    fn every_form_of_a_time_is_exact() {
        use Precision::{Microsecond, Millisecond};
        for (text, precision, micros) in [
            ("1700000000", None, 1_700_000_000_000_000),
            ("1.7E9", None, 1_700_000_000_000_000),
            ("1700000000.123", None, 1_700_000_000_123_000),
            ("1.700000000123e9", None, 1_700_000_000_123_000),
            ("1700000000.123456", None, 1_700_000_000_123_456),
            ("1700000000.1234569", None, 1_700_000_000_123_456),
            ("1700000000123", None, 1_700_000_000_123_000),
            ("1700000000123456", None, 1_700_000_000_123_456),
            ("1700000000123.456", None, 1_700_000_000_123_456),
            ("1700000000123", Some(Millisecond), 1_700_000_000_123_000),
            ("1700000000123456", Some(Microsecond), 1_700_000_000_123_456),
            ("1", Some(Millisecond), 1_000),
            ("1", Some(Microsecond), 1),
            ("0", None, 0),
            ("0.5", None, 500_000),
            ("0.0000001", None, 0),
            ("1e-300", None, 0),
            (r#""2023-11-14T22:13:20.123Z""#, None, 1_700_000_000_123_000),
            (r#""2023-11-14T23:13:20+01:00""#, None, 1_700_000_000_000_000),
        ] {
            let found = read(text.as_bytes(), |reader| time(reader, precision));
            assert_eq!(found.map(Timestamp::epoch_micros), Ok(micros), "{text}");
        }
        for text in
            ["-1", "1e30", "1e999999999999", "true", "\"1\"", "{}", "nul", "99999999999999999999"]
        {
            assert!(read(text.as_bytes(), |reader| time(reader, None)).is_err(), "{text}");
        }
    }
}
