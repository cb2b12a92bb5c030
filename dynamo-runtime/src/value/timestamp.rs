//! A point in time, to the microsecond.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use crate::key::{KeyPart, PartForm, PartText};

mod civil;
mod rfc3339;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// A point in time in UTC, to the microsecond, in the years 0001 to 9999.
///
/// It is stored as text of one fixed width, so that the order of the text is the order of time.
///
/// ```
/// use dynamo_runtime::Timestamp;
///
/// let timestamp: Timestamp = "2026-11-23T20:55:13.5+01:00".parse()?;
/// assert_eq!(timestamp.to_string(), "2026-11-23T19:55:13.500000Z");
/// # Ok::<(), dynamo_runtime::value::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    micros: i64,
}

impl Timestamp {
    /// `0001-01-01T00:00:00.000000Z`.
    pub const MIN: Self = Self { micros: -62_135_596_800 * MICROS_PER_SECOND };

    /// `9999-12-31T23:59:59.999999Z`.
    pub const MAX: Self = Self { micros: 253_402_300_800 * MICROS_PER_SECOND - 1 };

    /// `1970-01-01T00:00:00.000000Z`.
    pub const EPOCH: Self = Self { micros: 0 };

    /// The present time of the system's clock; a clock outside of the years 0001 to 9999 gives the
    /// nearer end.
    ///
    /// ```
    /// use dynamo_runtime::Timestamp;
    ///
    /// assert!(Timestamp::now() > Timestamp::EPOCH);
    /// ```
    pub fn now() -> Self {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => Self::EPOCH + since,
            Err(before) => Self::EPOCH - before.duration(),
        }
    }

    /// The time this many seconds after the epoch.
    ///
    /// ```
    /// use dynamo_runtime::Timestamp;
    ///
    /// let time = Timestamp::from_epoch_seconds(1_700_000_000)?;
    /// assert_eq!(time.to_string(), "2023-11-14T22:13:20.000000Z");
    /// assert!(Timestamp::from_epoch_seconds(i64::MAX).is_err());
    /// # Ok::<(), dynamo_runtime::value::TimestampError>(())
    /// ```
    ///
    /// # Errors
    /// When the time is outside of the years 0001 to 9999.
    pub const fn from_epoch_seconds(seconds: i64) -> Result<Self, TimestampError> {
        match seconds.checked_mul(MICROS_PER_SECOND) {
            Some(micros) => Self::from_epoch_micros(micros),
            None => Err(TimestampError::OUT_OF_RANGE),
        }
    }

    /// The time this many microseconds after the epoch.
    ///
    /// ```
    /// use dynamo_runtime::Timestamp;
    ///
    /// let time = Timestamp::from_epoch_micros(1_500_000)?;
    /// assert_eq!(time.to_string(), "1970-01-01T00:00:01.500000Z");
    /// # Ok::<(), dynamo_runtime::value::TimestampError>(())
    /// ```
    ///
    /// # Errors
    /// When the time is outside of the years 0001 to 9999.
    pub const fn from_epoch_micros(micros: i64) -> Result<Self, TimestampError> {
        if Self::MIN.micros <= micros && micros <= Self::MAX.micros {
            Ok(Self { micros })
        } else {
            Err(TimestampError::OUT_OF_RANGE)
        }
    }

    /// The time at the beginning of its second.
    ///
    /// A field whose form has whole seconds takes no finer time.
    ///
    /// ```
    /// use dynamo_runtime::Timestamp;
    ///
    /// let time: Timestamp = "2026-11-23T19:55:13.123456Z".parse()?;
    /// assert_eq!(time.floor_to_second().to_string(), "2026-11-23T19:55:13.000000Z");
    /// # Ok::<(), dynamo_runtime::value::TimestampError>(())
    /// ```
    pub const fn floor_to_second(self) -> Self {
        self.floor_to(MICROS_PER_SECOND)
    }

    /// The time at the beginning of its millisecond.
    ///
    /// ```
    /// use dynamo_runtime::Timestamp;
    ///
    /// let time: Timestamp = "2026-11-23T19:55:13.123456Z".parse()?;
    /// assert_eq!(time.floor_to_millisecond().to_string(), "2026-11-23T19:55:13.123000Z");
    /// # Ok::<(), dynamo_runtime::value::TimestampError>(())
    /// ```
    pub const fn floor_to_millisecond(self) -> Self {
        self.floor_to(1_000)
    }

    /// The time at the beginning of its unit of so many microseconds, which divides a second.
    pub(crate) const fn floor_to(self, unit: i64) -> Self {
        Self { micros: self.micros - self.micros.rem_euclid(unit) }
    }

    /// The time this many nanoseconds after the epoch, rounded towards the past.
    #[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
    pub(super) fn from_epoch_nanos(nanos: i128) -> Result<Self, TimestampError> {
        i64::try_from(nanos.div_euclid(1_000))
            .map_err(|_| TimestampError::OUT_OF_RANGE)
            .and_then(Self::from_epoch_micros)
    }

    /// Whole seconds since the epoch; a fraction is rounded towards the past.
    ///
    /// ```
    /// use dynamo_runtime::Timestamp;
    ///
    /// let before: Timestamp = "1969-12-31T23:59:58.5Z".parse()?;
    /// assert_eq!(before.epoch_seconds(), -2);
    /// # Ok::<(), dynamo_runtime::value::TimestampError>(())
    /// ```
    pub const fn epoch_seconds(self) -> i64 {
        self.micros.div_euclid(MICROS_PER_SECOND)
    }

    /// Microseconds since the epoch.
    ///
    /// ```
    /// use dynamo_runtime::Timestamp;
    ///
    /// let time: Timestamp = "1970-01-01T00:00:01.5Z".parse()?;
    /// assert_eq!(time.epoch_micros(), 1_500_000);
    /// # Ok::<(), dynamo_runtime::value::TimestampError>(())
    /// ```
    pub const fn epoch_micros(self) -> i64 {
        self.micros
    }

    /// The time this much later, or `None` past the year 9999; what is less than a microsecond is
    /// left out.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use dynamo_runtime::Timestamp;
    ///
    /// let hour = Duration::from_secs(3600);
    /// let later = Timestamp::EPOCH.checked_add(hour);
    /// assert_eq!(later.map(Timestamp::epoch_seconds), Some(3600));
    /// assert_eq!(Timestamp::MAX.checked_add(hour), None);
    /// ```
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let micros = i64::try_from(duration.as_micros()).ok()?;
        Self::from_epoch_micros(self.micros.checked_add(micros)?).ok()
    }

    /// The time this much earlier, or `None` before the year 0001; what is less than a microsecond
    /// is left out.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use dynamo_runtime::Timestamp;
    ///
    /// let hour = Duration::from_secs(3600);
    /// let earlier = Timestamp::EPOCH.checked_sub(hour);
    /// assert_eq!(earlier.map(Timestamp::epoch_seconds), Some(-3600));
    /// assert_eq!(Timestamp::MIN.checked_sub(hour), None);
    /// ```
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        let micros = i64::try_from(duration.as_micros()).ok()?;
        Self::from_epoch_micros(self.micros.checked_sub(micros)?).ok()
    }
}

/// Stops at [`Timestamp::MAX`].
impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        self.checked_add(duration).unwrap_or(Self::MAX)
    }
}

/// Stops at [`Timestamp::MIN`].
impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        self.checked_sub(duration).unwrap_or(Self::MIN)
    }
}

/// Rounds towards the past where the clock is finer than a microsecond.
impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: SystemTime) -> Result<Self, TimestampError> {
        let micros = match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).ok(),
            Err(before) => i64::try_from(before.duration().as_nanos().div_ceil(1_000))
                .ok()
                .map(|micros| -micros),
        };
        micros.ok_or(TimestampError::OUT_OF_RANGE).and_then(Self::from_epoch_micros)
    }
}

/// Fails where the system's clock cannot hold the time.
impl TryFrom<Timestamp> for SystemTime {
    type Error = TimestampError;

    fn try_from(timestamp: Timestamp) -> Result<Self, TimestampError> {
        let distance = Duration::from_micros(timestamp.micros.unsigned_abs());
        let time = if timestamp.micros < 0 {
            UNIX_EPOCH.checked_sub(distance)
        } else {
            UNIX_EPOCH.checked_add(distance)
        };
        time.ok_or(TimestampError::OUT_OF_RANGE)
    }
}

/// RFC 3339 in UTC with six digits of a second, such as `2026-11-23T19:55:13.123456Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(rfc3339::as_str(&rfc3339::format(*self)))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Reads RFC 3339 with `Z` or an offset and up to nine digits of a second, of which those past the
/// sixth are zero.
impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        rfc3339::parse(text.as_bytes())
    }
}

impl Timestamp {
    /// The text without its zone: `2026-11-23T19:55:13.123456`.
    pub(super) fn write_text(self, write: impl FnOnce(&str)) {
        let text = rfc3339::format(self);
        write(rfc3339::as_str(&text).trim_end_matches('Z'));
    }

    /// Reads a text with any offset, with or without a colon.
    pub(super) fn decode_any_offset(reader: &mut Reader<'_>) -> Result<(Self, u16), DecodeError> {
        let start = reader.position();
        rfc3339::parse_any_offset(reader.string()?.as_bytes())
            .map_err(|error| DecodeError::refused(start, error.reason()))
    }

    /// Reads what other types hold of a time: the nanoseconds that it is later, too.
    #[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
    pub(super) fn decode_nanos(reader: &mut Reader<'_>) -> Result<(Self, u16), DecodeError> {
        let start = reader.position();
        rfc3339::parse_nanos(reader.string()?.as_bytes())
            .map_err(|error| DecodeError::refused(start, error.reason()))
    }
}

impl Encode for Timestamp {
    fn encode(&self, writer: &mut Writer) {
        writer.string(rfc3339::as_str(&rfc3339::format(*self)));
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for Timestamp {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.position();
        reader
            .string()?
            .parse()
            .map_err(|error: TimestampError| DecodeError::refused(start, error.reason()))
    }
}

stored_as!(Text, false, "timestamp": Timestamp);
elements_of!(TextSet: Timestamp);

/// Bytes of a timestamp's text.
pub(super) const TEXT_SIZE: usize = 27;

impl KeyPart for Timestamp {
    const FORM: PartForm = PartForm::OneLength("1970-01-01T00:00:00.000000Z");

    fn key_size(&self) -> usize {
        TEXT_SIZE
    }

    fn write_part(&self, text: &mut PartText) {
        text.text(&self.to_string());
    }

    fn read_part(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}

/// What is no [`Timestamp`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampError(TimestampProblem);

#[derive(Clone, Debug, PartialEq, Eq)]
enum TimestampProblem {
    OutOfRange,
    NotRfc3339,
    FinerThanMicros,
}

impl TimestampError {
    pub(crate) const OUT_OF_RANGE: Self = Self(TimestampProblem::OutOfRange);
    const NOT_RFC3339: Self = Self(TimestampProblem::NotRfc3339);
    pub(super) const FINER_THAN_MICROS: Self = Self(TimestampProblem::FinerThanMicros);

    /// Whether it would be a time, but outside of the years 0001 to 9999.
    ///
    /// ```
    /// use dynamo_runtime::Timestamp;
    ///
    /// assert!(Timestamp::from_epoch_seconds(i64::MAX).unwrap_err().is_out_of_range());
    /// assert!(!"noon".parse::<Timestamp>().unwrap_err().is_out_of_range());
    /// ```
    pub fn is_out_of_range(&self) -> bool {
        self.0 == TimestampProblem::OutOfRange
    }

    pub(crate) fn reason(&self) -> &'static str {
        match self.0 {
            TimestampProblem::OutOfRange => "the time is outside of the years 0001 to 9999",
            TimestampProblem::NotRfc3339 => {
                "not a time in RFC 3339, such as 2026-11-23T19:55:13.123456Z"
            }
            TimestampProblem::FinerThanMicros => {
                "the time is finer than a microsecond, and would be rounded"
            }
        }
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason())
    }
}

impl std::error::Error for TimestampError {}

#[cfg(test)]
mod tests;
