//! The forms of a time that other programs store: `#[dynamo(form = epoch_millis)]`.
//!
//! What is read may be finer than the form and of another spelling; what is written has one form,
//! and is never rounded.

use std::marker::PhantomData;

use super::epoch_seconds::from_epoch;
use super::{Timestamp, TimestampError};
use crate::codec::kind::{Kind, MappedList, Number, Text};
use crate::codec::{
    DecodeError, Decoding, Encoding, KeyIn, NotCompared, Reader, Shapes, ValueShape, Writer,
};

/// A form of a time.
pub trait TimeForm {
    /// DynamoDB's type for it.
    type Kind: Kind;

    /// DynamoDB's name of that type.
    const CODE: &'static str;

    /// The microseconds of its unit.
    const UNIT: i64;

    /// Tells it from the other forms of its data type; numbers of seconds are those of an expiry too.
    const SCALE: u32;

    /// Its name in what is told of a table.
    const NAME: &'static str;

    /// What a time that is finer than the unit is refused with.
    const TOO_FINE: &'static str;

    /// Writes a time that is a whole number of units.
    fn write(time: Timestamp, writer: &mut Writer);

    /// Reads a time, and the nanoseconds that it is later.
    ///
    /// # Errors
    /// When the value is no time in this form.
    fn read(reader: &mut Reader<'_>) -> Result<(Timestamp, u16), DecodeError>;
}

/// A number (N) of units since the epoch, of which a second has so many.
#[derive(Debug)]
pub enum Epoch<const PER_SECOND: i64> {}

impl<const PER_SECOND: i64> TimeForm for Epoch<PER_SECOND> {
    type Kind = Number;
    const CODE: &'static str = "N";
    const UNIT: i64 = 1_000_000 / PER_SECOND;
    const SCALE: u32 = match PER_SECOND {
        1 => 0,
        1_000 => 3,
        _ => 6,
    };
    const NAME: &'static str = match PER_SECOND {
        1 => "epoch seconds",
        1_000 => "epoch milliseconds",
        _ => "epoch microseconds",
    };
    const TOO_FINE: &'static str = too_fine(Self::UNIT);

    fn write(time: Timestamp, writer: &mut Writer) {
        writer.integer(time.epoch_micros().div_euclid(Self::UNIT));
    }

    fn read(reader: &mut Reader<'_>) -> Result<(Timestamp, u16), DecodeError> {
        let start = reader.position();
        let time = match reader.integer::<i64>() {
            Ok(units) => units
                .checked_mul(Self::UNIT)
                .ok_or(TimestampError::OUT_OF_RANGE)
                .and_then(Timestamp::from_epoch_micros),
            Err(error) if error.is_out_of_range() => {
                reader.seek(start);
                from_epoch(&reader.decimal()?, Self::UNIT)
            }
            Err(error) => return Err(error),
        };
        match time {
            Ok(time) => Ok((time, 0)),
            Err(error) => {
                reader.seek(start);
                Err(DecodeError::refused(start, other_unit(reader, PER_SECOND, &error)))
            }
        }
    }
}

/// What is told of a number that is no time in this unit, and may be one in a smaller unit.
fn other_unit(reader: &mut Reader<'_>, per_second: i64, error: &TimestampError) -> &'static str {
    let Ok(number) = reader.decimal() else { return error.reason() };
    let fits = |unit| from_epoch(&number, unit).is_ok();
    match per_second {
        1 if fits(1_000) => {
            "as seconds the time is after the year 9999: the number seems to be milliseconds, for \
             which the field's form is `epoch_millis`"
        }
        1 | 1_000 if fits(1) => {
            "the time is after the year 9999: the number seems to be microseconds, for which the \
             field's form is `epoch_micros`"
        }
        _ => error.reason(),
    }
}

const fn too_fine(unit: i64) -> &'static str {
    match unit {
        1_000_000 => {
            "the time is finer than a second, and its form has whole seconds: give \
             `time.floor_to_second()`"
        }
        _ => {
            "the time is finer than a millisecond, and its form has whole milliseconds: give \
             `time.floor_to_millisecond()`"
        }
    }
}

/// A text (S) in UTC with so many digits of a second, 0, 3, 6 or 9, and one of the zones
/// `Z`, `+00:00` and `+0000`.
#[derive(Debug)]
pub enum Rfc3339<const DIGITS: usize, const ZONE: usize> {}

/// The forms without an offset, each by its digits.
const fn scale(digits: usize) -> u32 {
    match digits {
        0 => 1,
        3 => 3,
        6 => 6,
        _ => 9,
    }
}

/// How UTC is written.
const ZONES: [&str; 3] = ["Z", "+00:00", "+0000"];

impl<const DIGITS: usize, const ZONE: usize> TimeForm for Rfc3339<DIGITS, ZONE> {
    type Kind = Text;
    const CODE: &'static str = "S";
    const UNIT: i64 = match DIGITS {
        0 => 1_000_000,
        3 => 1_000,
        _ => 1,
    };
    const SCALE: u32 = match (DIGITS, ZONE) {
        // A timestamp's own form.
        (6, 0) => 0,
        (digits, 0) => scale(digits),
        (digits, 1) => 10 + scale(digits),
        (digits, _) => 20 + scale(digits),
    };
    const NAME: &'static str = match ZONE {
        0 => "timestamp",
        1 => "timestamp with +00:00",
        _ => "timestamp with +0000",
    };
    const TOO_FINE: &'static str = too_fine(Self::UNIT);

    fn write(time: Timestamp, writer: &mut Writer) {
        // Without a digit there is no point.
        let seconds = "2026-11-23T19:55:13".len();
        let length = if DIGITS == 0 { seconds } else { seconds + 1 + DIGITS };
        time.write_text(|text| {
            let mut written = format!("{text:0<length$}");
            written.truncate(length);
            written.push_str(ZONES.get(ZONE).copied().unwrap_or("Z"));
            writer.string(&written);
        });
    }

    fn read(reader: &mut Reader<'_>) -> Result<(Timestamp, u16), DecodeError> {
        Timestamp::decode_any_offset(reader)
    }
}

/// A point in time: a [`Timestamp`], and by feature those of other crates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot have a form of a time",
    label = "not a time",
    note = "the forms `epoch_seconds`, `epoch_millis`, `epoch_micros` and `rfc3339` are for a `Timestamp`, the times of chrono, jiff and time by their features, and an `Option` or a `Vec` of these"
)]
pub trait PointInTime: Sized {
    /// The time as a `Timestamp`, which must hold all of it.
    ///
    /// # Errors
    /// When it is finer than a microsecond, or outside of the years 0001 to 9999.
    fn timestamp(&self) -> Result<Timestamp, TimestampError>;

    /// The time so many nanoseconds after this one, fewer than 1,000.
    ///
    /// # Errors
    /// When the type does not hold it.
    fn at(timestamp: Timestamp, nanos: u16) -> Result<Self, TimestampError>;
}

impl PointInTime for Timestamp {
    fn timestamp(&self) -> Result<Timestamp, TimestampError> {
        Ok(*self)
    }

    fn at(timestamp: Timestamp, nanos: u16) -> Result<Self, TimestampError> {
        match nanos {
            0 => Ok(timestamp),
            _ => Err(TimestampError::FINER_THAN_MICROS),
        }
    }
}

/// A time as the form `F` has it.
#[derive(Debug)]
pub struct TimeAs<F>(PhantomData<F>);

impl<F> crate::codec::Form for TimeAs<F> {}

impl<F: TimeForm, T: PointInTime> Encoding<T> for TimeAs<F> {
    type Kind = F::Kind;
    const MAY_BE_ABSENT: bool = false;
    const SCALE: u32 = F::SCALE;

    fn encode(value: &T, writer: &mut Writer) {
        match value.timestamp() {
            Ok(time) if time.floor_to(F::UNIT) == time => F::write(time, writer),
            Ok(_) => writer.refuse(F::TOO_FINE),
            Err(error) => writer.refuse(error.reason()),
        }
    }

    fn is_absent(_: &T) -> bool {
        false
    }

    fn shape(_: &mut Shapes) -> ValueShape {
        ValueShape::scalar(F::CODE, F::NAME)
    }
}

impl<F: TimeForm, T: PointInTime> Decoding<'_, T> for TimeAs<F> {
    fn decode(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
        let start = reader.position();
        let (time, nanos) = F::read(reader)?;
        T::at(time, nanos).map_err(|error| DecodeError::refused(start, error.reason()))
    }

    fn absent() -> Option<T> {
        None
    }
}

crate::codec::optional_as!([F] TimeAs<F>);

impl<F, T> Encoding<Vec<T>> for TimeAs<F>
where
    Self: Encoding<T>,
{
    type Kind = MappedList;
    const MAY_BE_ABSENT: bool = false;

    fn encode(value: &Vec<T>, writer: &mut Writer) {
        writer.list(value, |element, writer| <Self as Encoding<T>>::encode(element, writer));
    }

    fn is_absent(_: &Vec<T>) -> bool {
        false
    }

    fn shape(shapes: &mut Shapes) -> ValueShape {
        let element = <Self as Encoding<T>>::shape(shapes).into();
        ValueShape::Sequence { element, length: None }
    }
}

impl<'de, F, T> Decoding<'de, Vec<T>> for TimeAs<F>
where
    Self: Decoding<'de, T>,
{
    fn decode(reader: &mut Reader<'de>) -> Result<Vec<T>, DecodeError> {
        let mut elements = Vec::new();
        reader.list(|reader| {
            elements.push(<Self as Decoding<'de, T>>::decode(reader)?);
            Ok(())
        })?;
        Ok(elements)
    }

    fn absent() -> Option<Vec<T>> {
        None
    }
}

impl<F> Encoding<NotCompared> for TimeAs<F> {
    type Kind = MappedList;

    fn encode(value: &NotCompared, _: &mut Writer) {
        match *value {}
    }

    fn is_absent(value: &NotCompared) -> bool {
        match *value {}
    }
}

/// A type of a field that can have the form `F` of a time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot have a form of a time",
    label = "not a time",
    note = "the forms `epoch_seconds`, `epoch_millis`, `epoch_micros` and `rfc3339` are for a `Timestamp`, the times of chrono, jiff and time by their features, and an `Option` or a `Vec` of these"
)]
pub trait TimeIn<F>: sealed::Timed {
    /// How it is stored.
    type Encoding;
    /// How it is stored where it is a key.
    type KeyEncoding;
    /// What a condition compares it with.
    type Operand;
}

#[diagnostic::do_not_recommend]
impl<F, T: PointInTime> TimeIn<F> for T {
    type Encoding = TimeAs<F>;
    type KeyEncoding = KeyIn<TimeAs<F>>;
    type Operand = T;
}

impl<F, T: TimeIn<F>> TimeIn<F> for Option<T> {
    type Encoding = TimeAs<F>;
    type KeyEncoding = KeyIn<TimeAs<F>>;
    type Operand = T::Operand;
}

/// A list is compared with nothing: its elements would be written in their own form.
impl<F, T: TimeIn<F>> TimeIn<F> for Vec<T> {
    type Encoding = TimeAs<F>;
    type KeyEncoding = KeyIn<TimeAs<F>>;
    type Operand = NotCompared;
}

/// Which types are times is known here: another one could be read as a key in any spelling.
mod sealed {
    use super::PointInTime;

    pub trait Timed {}
    impl<T: PointInTime> Timed for T {}
    impl<T> Timed for Option<T> {}
    impl<T> Timed for Vec<T> {}
}
