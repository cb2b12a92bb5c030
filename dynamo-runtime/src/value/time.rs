//! Feature `time-03`: `time::OffsetDateTime` and `time::Date`.

use time::{Date, Duration, Month, OffsetDateTime};

use super::timestamp::{Timestamp, TimestampError};
use super::{date, instants};
use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use crate::key::{KeyPart, PartForm, PartText};

/// Rounds towards the past where the time is finer than a microsecond; the offset does not matter.
impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: OffsetDateTime) -> Result<Self, TimestampError> {
        Self::from_epoch_nanos(time.unix_timestamp_nanos())
    }
}

/// In UTC. Never fails: the years of `time` are more than ours.
impl TryFrom<Timestamp> for OffsetDateTime {
    type Error = TimestampError;

    fn try_from(timestamp: Timestamp) -> Result<Self, TimestampError> {
        Self::from_unix_timestamp_nanos(i128::from(timestamp.epoch_micros()) * 1_000)
            .map_err(|_| TimestampError::OUT_OF_RANGE)
    }
}

// Two times are equal when they are the same instant, so an offset is no part of the value.
instants!(OffsetDateTime, |time, nanos| time.checked_add(Duration::nanoseconds(nanos.into())));

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
    (date.year(), date.month().into(), date.day())
}

fn from_day(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::from_calendar_date(year.into(), Month::try_from(month).ok()?, day).ok()
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
