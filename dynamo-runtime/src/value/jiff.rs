//! Feature `jiff-1`: `jiff::Timestamp` and `jiff::civil::Date`.
//!
//! A `Zoned` is left out: its time zone would be lost.

use jiff::SignedDuration;
use jiff::civil::Date;

use super::timestamp::{Timestamp, TimestampError};
use super::{date, instants};
use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use crate::key::{KeyPart, PartForm, PartText};

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

instants!(jiff::Timestamp, |time, nanos| {
    time.checked_add(SignedDuration::from_nanos(nanos.into())).ok()
});

impl Encode for Date {
    fn encode(&self, writer: &mut Writer) {
        date::encode(day(*self), writer);
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for Date {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        date::decode(reader, from_day)
    }
}

fn day(date: Date) -> date::Day {
    (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

fn from_day(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

stored_as!(Text, "date": Date);
elements_of!(TextSet: Date);

impl KeyPart for Date {
    const FORM: PartForm = PartForm::OneLength("1970-01-01");

    fn key_size(&self) -> usize {
        date::SIZE
    }

    fn write_part(&self, text: &mut PartText) {
        date::write_part(day(*self), text);
    }

    fn read_part(part: &str) -> Option<Self> {
        let (year, month, day) = date::parse(part.as_bytes())?;
        from_day(year, month, day)
    }
}
