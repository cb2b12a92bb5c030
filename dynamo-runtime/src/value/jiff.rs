//! Feature `jiff-1`: `jiff::Timestamp` and `jiff::civil::Date`.
//!
//! A `Zoned` is left out: its time zone would be lost.

use jiff::civil::Date;

use super::timestamp::{Timestamp, TimestampError};
use super::{date, instants};
use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use crate::key::KeyPart;

/// Rounds towards the past where the time is finer than a microsecond.
impl TryFrom<jiff::Timestamp> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: jiff::Timestamp) -> Result<Self, TimestampError> {
        Self::from_epoch_nanos(time.as_nanosecond())
    }
}

/// Fails for the last day that a [`Timestamp`] can hold, which jiff cannot.
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = TimestampError;

    fn try_from(timestamp: Timestamp) -> Result<Self, TimestampError> {
        Self::from_microsecond(timestamp.epoch_micros()).map_err(|_| TimestampError::OUT_OF_RANGE)
    }
}

instants!(jiff::Timestamp);

impl Encode for Date {
    fn encode(&self, writer: &mut Writer) {
        let (month, day) = (self.month().unsigned_abs(), self.day().unsigned_abs());
        date::encode(self.year().into(), month, day, writer);
    }
}

impl Decode<'_> for Date {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        date::decode(reader, |year, month, day| {
            Self::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
        })
    }
}

stored_as!(Text: Date);
elements_of!(TextSet: Date);

impl KeyPart for Date {
    fn key_size(&self) -> usize {
        date::SIZE
    }
}
