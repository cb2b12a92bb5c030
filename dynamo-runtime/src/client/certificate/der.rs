//! DER, read strictly: every length in its shortest form, and nothing that is left over passes unseen.
//!
//! Source: ITU-T X.690, section 10.

use rustls_pki_types::UnixTime;
use std::time::Duration;

pub(in crate::client) const BOOLEAN: u8 = 0x01;
pub(in crate::client) const INTEGER: u8 = 0x02;
pub(in crate::client) const BIT_STRING: u8 = 0x03;
pub(in crate::client) const OCTET_STRING: u8 = 0x04;
pub(in crate::client) const NULL: u8 = 0x05;
pub(in crate::client) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(in crate::client) const ENUMERATED: u8 = 0x0a;
pub(in crate::client) const UTF8_STRING: u8 = 0x0c;
pub(in crate::client) const PRINTABLE_STRING: u8 = 0x13;
pub(in crate::client) const IA5_STRING: u8 = 0x16;
pub(in crate::client) const UTC_TIME: u8 = 0x17;
pub(in crate::client) const GENERALIZED_TIME: u8 = 0x18;
pub(in crate::client) const SEQUENCE: u8 = 0x30;
pub(in crate::client) const SET: u8 = 0x31;

/// `[number]` of a value that is no structure.
pub(in crate::client) const fn primitive(number: u8) -> u8 {
    0x80 | number
}

/// `[number]` of a structure, or around another value.
pub(in crate::client) const fn constructed(number: u8) -> u8 {
    0xa0 | number
}

/// DER that is still to be read.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct Der<'a>(&'a [u8]);

/// One value.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct Value<'a> {
    pub(in crate::client) tag: u8,
    pub(in crate::client) content: &'a [u8],
    /// With its tag and its length.
    pub(in crate::client) whole: &'a [u8],
}

impl<'a> Der<'a> {
    pub(in crate::client) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What is in the one value of this tag that `bytes` are.
    pub(in crate::client) fn only(bytes: &'a [u8], tag: u8) -> Option<Self> {
        let mut der = Self(bytes);
        let inner = der.expect(tag)?;
        der.end()?;
        Some(inner)
    }

    pub(in crate::client) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes that are still to be read.
    pub(in crate::client) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(in crate::client) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    pub(in crate::client) fn next(&mut self) -> Option<Value<'a>> {
        let all = self.0;
        let (&tag, rest) = all.split_first()?;
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first & 0x80 != 0 {
            let bytes = usize::from(first & 0x7f);
            if !(1..=4).contains(&bytes) {
                return None;
            }
            let (digits, after) = rest.split_at_checked(bytes)?;
            length = digits.iter().try_fold(0_usize, |length, &byte| {
                length.checked_mul(256)?.checked_add(usize::from(byte))
            })?;
            if length < 0x80 || digits.first() == Some(&0) {
                return None;
            }
            rest = after;
        }
        let (content, rest) = rest.split_at_checked(length)?;
        let whole = all.get(..all.len() - rest.len())?;
        self.0 = rest;
        Some(Value { tag, content, whole })
    }

    /// The next value, which must be of this tag.
    pub(in crate::client) fn value(&mut self, tag: u8) -> Option<Value<'a>> {
        self.next().filter(|value| value.tag == tag)
    }

    /// What is in the next value, which must be of this tag.
    pub(in crate::client) fn expect(&mut self, tag: u8) -> Option<Self> {
        self.value(tag).map(|value| Self(value.content))
    }

    /// What is in the next value, if it is of this tag.
    #[expect(clippy::option_option, reason = "absent, or malformed")]
    pub(in crate::client) fn optional(&mut self, tag: u8) -> Option<Option<Self>> {
        if self.0.first() == Some(&tag) { self.expect(tag).map(Some) } else { Some(None) }
    }

    /// A `BOOLEAN DEFAULT FALSE`. One that is written out though it is false is common, and read.
    pub(in crate::client) fn flag(&mut self) -> Option<bool> {
        match self.optional(BOOLEAN)? {
            None | Some(Self([0x00])) => Some(false),
            Some(Self([0xff])) => Some(true),
            Some(_) => None,
        }
    }

    /// A `BIT STRING` of whole bytes.
    pub(in crate::client) fn bytes(&mut self) -> Option<&'a [u8]> {
        match self.expect(BIT_STRING)?.0.split_first()? {
            (0, bytes) => Some(bytes),
            _ => None,
        }
    }

    /// An `INTEGER` as it is written: two's complement, in the fewest bytes.
    pub(in crate::client) fn integer(&mut self) -> Option<&'a [u8]> {
        let digits = self.expect(INTEGER)?.0;
        match digits {
            [] => None,
            [0, second, ..] if second & 0x80 == 0 => None,
            [0xff, second, ..] if second & 0x80 != 0 => None,
            _ => Some(digits),
        }
    }

    /// A count: an `INTEGER` that is not negative. One beyond `u32` is as good as no limit.
    pub(in crate::client) fn count(&mut self) -> Option<u32> {
        let digits = self.integer()?;
        if digits.first()? & 0x80 != 0 {
            return None;
        }
        let sum = digits
            .iter()
            .try_fold(0_u32, |sum, &byte| sum.checked_mul(256)?.checked_add(u32::from(byte)));
        Some(sum.unwrap_or(u32::MAX))
    }

    pub(in crate::client) fn time(&mut self) -> Option<Time> {
        Time::of(self.next()?)
    }
}

/// A `SEQUENCE` around its content.
pub(in crate::client) fn sequence(content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let leading = length.iter().take_while(|&&byte| byte == 0).count();
    let digits = length.get(leading..).unwrap_or_default();
    let mut der = vec![SEQUENCE];
    if content.len() >= 0x80 {
        // At most 8.
        der.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
        der.extend_from_slice(digits);
    } else {
        der.push(u8::try_from(content.len()).unwrap_or_default());
    }
    der.extend_from_slice(content);
    der
}

/// A time, and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct Time {
    pub(in crate::client) at: UnixTime,
    /// Two digits of the year through 2049 and four digits after, as RFC 5280, section 4.1.2.5, has it.
    pub(in crate::client) is_of_its_form: bool,
}

impl Time {
    pub(in crate::client) fn of(value: Value<'_>) -> Option<Self> {
        let (text, has_two_digits) = match value.tag {
            UTC_TIME => (value.content, true),
            GENERALIZED_TIME => (value.content, false),
            _ => return None,
        };
        let digits = text.strip_suffix(b"Z")?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = |from: usize, to: usize| {
            let digits = digits.get(from..to)?;
            Some(digits.iter().fold(0_u64, |sum, digit| sum * 10 + u64::from(digit - b'0')))
        };
        let (year, at) = if has_two_digits {
            let year = number(0, 2)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, 2)
        } else {
            (number(0, 4)?, 4)
        };
        let [month, day, hour, minute, second] =
            [0, 2, 4, 6, 8].map(|offset| number(at + offset, at + offset + 2));
        let (month, day, hour, minute, second) = (month?, day?, hour?, minute?, second?);
        if digits.len() != at + 10 || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let days = days_since_1970(year, month, day)?;
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
        let at = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        Some(Self { at, is_of_its_form: has_two_digits == (1950..2050).contains(&year) })
    }
}

fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let february = if is_leap(year) { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(month.checked_sub(1)?).ok()?;
    if day == 0 || day > *lengths.get(month)? {
        return None;
    }
    let before: u64 = lengths.iter().take(month).sum();
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    // What began before is as good as of the first day.
    let Some(years) = year.checked_sub(1970) else {
        return Some(0);
    };
    Some(years * 365 + leap_days(year - 1) - leap_days(1969) + before + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_stated_in_its_shortest_form_and_four_bytes_at_most() {
        let read = |bytes: &[u8]| Der::new(bytes).next().map(|it| it.content.len());
        assert_eq!(read(&[SEQUENCE, 1, 7]), Some(1));
        assert_eq!(read(&[SEQUENCE, 0x81, 1, 7]), None);
        assert_eq!(read(&[SEQUENCE, 0x82, 0, 0x80]), None);
        assert_eq!(read(&[SEQUENCE, 0x80, 7, 0, 0]), None);
        assert_eq!(read(&[SEQUENCE, 0x85, 0, 0, 0, 0, 1, 7]), None);
        assert_eq!(read(&[0x3f, 1, 7]), None);
        let long = [[SEQUENCE, 0x81, 0x80].as_slice(), &[7; 0x80]].concat();
        assert_eq!(read(&long), Some(0x80));
        assert_eq!(read(&long[..long.len() - 1]), None);
    }

    #[test]
    fn an_integer_has_no_byte_too_many() {
        let read = |digits: &[u8]| {
            let der = [&[INTEGER, u8::try_from(digits.len()).unwrap()], digits].concat();
            (Der::new(&der).integer().is_some(), Der::new(&der).count())
        };
        assert_eq!(read(&[]), (false, None));
        assert_eq!(read(&[0]), (true, Some(0)));
        assert_eq!(read(&[0, 1]), (false, None));
        assert_eq!(read(&[0, 0x80]), (true, Some(0x80)));
        assert_eq!(read(&[0xff]), (true, None));
        assert_eq!(read(&[0xff, 0xff]), (false, None));
        assert_eq!(read(&[1, 0, 0, 0, 0]), (true, Some(u32::MAX)));
    }

    #[test]
    fn a_flag_is_false_or_true_and_nothing_between() {
        let read = |bytes: &[u8]| Der::new(bytes).flag();
        assert_eq!(read(&[]), Some(false));
        assert_eq!(read(&[BOOLEAN, 1, 0]), Some(false));
        assert_eq!(read(&[BOOLEAN, 1, 0xff]), Some(true));
        assert_eq!(read(&[BOOLEAN, 1, 1]), None);
    }

    #[test]
    fn a_time_is_one_of_the_calendar_in_the_one_form_of_its_year() {
        let read = |tag: u8, text: &[u8]| {
            let time = Time::of(Value { tag, content: text, whole: &[] })?;
            Some((time.at.as_secs(), time.is_of_its_form))
        };
        assert_eq!(read(UTC_TIME, b"700101000000Z"), Some((0, true)));
        assert_eq!(read(UTC_TIME, b"691231000000Z"), Some((0, true)));
        assert_eq!(read(UTC_TIME, b"000229235959Z"), Some((951_868_799, true)));
        assert_eq!(read(UTC_TIME, b"491231235959Z"), Some((2_524_607_999, true)));
        assert_eq!(read(GENERALIZED_TIME, b"20500101000000Z"), Some((2_524_608_000, true)));
        assert_eq!(read(GENERALIZED_TIME, b"20491231235959Z"), Some((2_524_607_999, false)));
        assert_eq!(read(GENERALIZED_TIME, b"21000301000000Z"), Some((4_107_542_400, true)));
        for wrong in [
            b"010229000000Z".as_slice(),
            b"011301000000Z",
            b"010001000000Z",
            b"010132000000Z",
            b"010100000000Z",
            b"010101240000Z",
            b"010101006000Z",
            b"010101000060Z",
            b"0101010000Z",
            b"010101000000",
            b"010101000000+0000",
            b"01010100000aZ",
            b"0101010000000Z",
        ] {
            assert_eq!(read(UTC_TIME, wrong), None, "{}", String::from_utf8_lossy(wrong));
        }
        assert_eq!(read(GENERALIZED_TIME, b"20500101000000.5Z"), None);
        assert_eq!(read(INTEGER, b"700101000000Z"), None);
    }
}
