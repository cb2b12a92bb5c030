//! Days of the calendar as text of one fixed width, so that the order of the text is the order of
//! time.

use crate::codec::{DecodeError, Reader, Writer};
use crate::key::PartText;

/// Bytes of a date's text.
pub(super) const SIZE: usize = 10;

/// A year, a month and a day.
pub(super) type Day = (i32, u8, u8);

/// Writes a date as `2026-11-23`.
pub(super) fn encode(day: Day, writer: &mut Writer) {
    match text(day) {
        Ok(text) => writer.string(&text),
        Err(reason) => writer.refuse(reason),
    }
}

/// Writes a date as a part of a key.
pub(super) fn write_part(day: Day, part: &mut PartText) {
    match text(day) {
        Ok(text) => part.text(&text),
        Err(reason) => part.refuse(reason),
    }
}

/// The years are 0001 to 9999, as those of a `Timestamp`.
fn text((year, month, day): Day) -> Result<String, &'static str> {
    if (1..=9999).contains(&year) {
        Ok(format!("{year:04}-{month:02}-{day:02}"))
    } else {
        Err("the date is outside of the years 0001 to 9999")
    }
}

/// Reads a date; `make` makes it from year, month and day, if there is such a day.
pub(super) fn decode<T>(
    reader: &mut Reader<'_>,
    make: impl FnOnce(i16, u8, u8) -> Option<T>,
) -> Result<T, DecodeError> {
    let start = reader.position();
    let text = reader.string()?;
    parse(text.as_bytes())
        .and_then(|(year, month, day)| make(year, month, day))
        .ok_or_else(|| DecodeError::refused(start, "not a date, such as 2026-11-23"))
}

pub(super) fn parse(text: &[u8]) -> Option<(i16, u8, u8)> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    let year = number(&[y1, y2, y3, y4])?;
    let month = u8::try_from(number(&[m1, m2])?).ok()?;
    let day = u8::try_from(number(&[d1, d2])?).ok()?;
    (year > 0).then_some((year, month, day))
}

fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
    })
}
