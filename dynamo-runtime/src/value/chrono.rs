//! Feature `chrono-04`: `chrono::DateTime<Utc>` and `chrono::NaiveDate`.
//!
//! A `DateTime` in another time zone is left out: its zone would be lost.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};

use super::timestamp::{Timestamp, TimestampError};
use super::{date, instants};
use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use crate::key::{KeyPart, PartForm, PartText};

/// Rounds towards the past where the time is finer than a microsecond, and a leap second to the
/// end of the second before it.
impl TryFrom<DateTime<Utc>> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: DateTime<Utc>) -> Result<Self, TimestampError> {
        let nanos = time.timestamp_subsec_nanos().min(999_999_999);
        Self::from_epoch_nanos(i128::from(time.timestamp()) * 1_000_000_000 + i128::from(nanos))
    }
}

/// Never fails: chrono's years are more than ours.
impl TryFrom<Timestamp> for DateTime<Utc> {
    type Error = TimestampError;

    fn try_from(timestamp: Timestamp) -> Result<Self, TimestampError> {
        Self::from_timestamp_micros(timestamp.epoch_micros()).ok_or(TimestampError::OUT_OF_RANGE)
    }
}

instants!(DateTime<Utc>, |time, nanos| {
    time.checked_add_signed(TimeDelta::nanoseconds(nanos.into()))
});

impl Encode for NaiveDate {
    fn encode(&self, writer: &mut Writer) {
        date::encode(day(*self), writer);
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for NaiveDate {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        date::decode(reader, from_day)
    }
}

fn day(date: NaiveDate) -> date::Day {
    let part = |number| u8::try_from(number).unwrap_or_default();
    (date.year(), part(date.month()), part(date.day()))
}

fn from_day(year: i16, month: u8, day: u8) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
}

stored_as!(Text, "date": NaiveDate);
elements_of!(TextSet: NaiveDate);

impl KeyPart for NaiveDate {
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
