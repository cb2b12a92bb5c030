//! Timestamps as text: one form is written, all of RFC 3339 is read.

use super::civil::{date_from_days, days_from_date, days_in_month};
use super::{MICROS_PER_SECOND, Timestamp, TimestampError};

const SECONDS_PER_DAY: i64 = 86_400;

/// The text of a timestamp: 27 bytes of ASCII.
pub(super) fn format(timestamp: Timestamp) -> [u8; 27] {
    let seconds = timestamp.epoch_seconds();
    let (year, month, day) = date_from_days(seconds.div_euclid(SECONDS_PER_DAY));
    let second_of_day = seconds.rem_euclid(SECONDS_PER_DAY);
    let micros = timestamp.epoch_micros().rem_euclid(MICROS_PER_SECOND);

    let mut text = *b"0000-00-00T00:00:00.000000Z";
    let [
        y1,
        y2,
        y3,
        y4,
        _,
        m1,
        m2,
        _,
        d1,
        d2,
        _,
        h1,
        h2,
        _,
        n1,
        n2,
        _,
        s1,
        s2,
        _,
        f1,
        f2,
        f3,
        f4,
        f5,
        f6,
        _,
    ] = &mut text;
    fill([y1, y2, y3, y4], year);
    fill([m1, m2], month);
    fill([d1, d2], day);
    fill([h1, h2], second_of_day / 3_600);
    fill([n1, n2], second_of_day / 60 % 60);
    fill([s1, s2], second_of_day % 60);
    fill([f1, f2, f3, f4, f5, f6], micros);
    text
}

pub(super) fn as_str(text: &[u8; 27]) -> &str {
    // `format` writes ASCII only.
    std::str::from_utf8(text).unwrap_or_default()
}

fn fill<const N: usize>(places: [&mut u8; N], number: i64) {
    // Division is faster in 32 bits; no part of a time needs more.
    let mut number = u32::try_from(number).unwrap_or_default();
    for place in places.into_iter().rev() {
        *place = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

pub(super) fn parse(text: &[u8]) -> Result<Timestamp, TimestampError> {
    match parse_nanos(text)? {
        (timestamp, 0) => Ok(timestamp),
        _ => Err(TimestampError::FINER_THAN_MICROS),
    }
}

/// The time, and the nanoseconds that it is later, fewer than 1,000.
pub(super) fn parse_nanos(text: &[u8]) -> Result<(Timestamp, u16), TimestampError> {
    parse_with::<true>(text)
}

/// The same of a text whose offset may lack its colon, as `+0000`.
pub(super) fn parse_any_offset(text: &[u8]) -> Result<(Timestamp, u16), TimestampError> {
    parse_with::<false>(text)
}

fn parse_with<const HAS_COLON: bool>(text: &[u8]) -> Result<(Timestamp, u16), TimestampError> {
    let mut text = Text(text);
    let year = text.digits(4)?;
    text.one_of(b"-")?;
    let month = text.within(1, 12)?;
    text.one_of(b"-")?;
    let day = text.within(1, days_in_month(year, month))?;
    text.one_of(b"Tt")?;
    let hour = text.within(0, 23)?;
    text.one_of(b":")?;
    let minute = text.within(0, 59)?;
    text.one_of(b":")?;
    let second = text.within(0, 59)?;
    let (micros, nanos) = text.fraction()?;
    let offset = text.offset::<HAS_COLON>()?;
    if !text.0.is_empty() {
        return Err(TimestampError::NOT_RFC3339);
    }

    let days = days_from_date(year, month, day);
    let seconds = days * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second - offset;
    let timestamp = Timestamp::from_epoch_micros(seconds * MICROS_PER_SECOND + micros)?;
    Ok((timestamp, nanos))
}

/// What is left of the text.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    fn one_of(&mut self, allowed: &[u8]) -> Result<u8, TimestampError> {
        match self.0.split_first() {
            Some((&byte, rest)) if allowed.contains(&byte) => {
                self.0 = rest;
                Ok(byte)
            }
            _ => Err(TimestampError::NOT_RFC3339),
        }
    }

    fn digits(&mut self, count: usize) -> Result<i64, TimestampError> {
        let mut number = 0;
        for _ in 0..count {
            number = number * 10 + i64::from(self.one_of(b"0123456789")? - b'0');
        }
        Ok(number)
    }

    fn within(&mut self, least: i64, most: i64) -> Result<i64, TimestampError> {
        let number = self.digits(2)?;
        if (least..=most).contains(&number) { Ok(number) } else { Err(TimestampError::NOT_RFC3339) }
    }

    /// The microseconds and the nanoseconds of up to nine digits after a point.
    fn fraction(&mut self) -> Result<(i64, u16), TimestampError> {
        if self.one_of(b".").is_err() {
            return Ok((0, 0));
        }
        let (mut nanos, mut digits) = (0, 0);
        while let Ok(digit) = self.one_of(b"0123456789") {
            if digits == 9 {
                return Err(TimestampError::FINER_THAN_MICROS);
            }
            nanos = nanos * 10 + i64::from(digit - b'0');
            digits += 1;
        }
        if digits == 0 {
            return Err(TimestampError::NOT_RFC3339);
        }
        nanos *= 10_i64.pow(9 - digits);
        Ok((nanos / 1_000, u16::try_from(nanos % 1_000).unwrap_or_default()))
    }

    /// The seconds by which local time is ahead of UTC.
    fn offset<const HAS_COLON: bool>(&mut self) -> Result<i64, TimestampError> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Ok(0),
        };
        let hours = self.within(0, 23)?;
        let colon = self.one_of(b":");
        if HAS_COLON {
            colon?;
        }
        let minutes = self.within(0, 59)?;
        Ok(sign * (hours * 3_600 + minutes * 60))
    }
}
