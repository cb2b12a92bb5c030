//! Reads a list of `f32` at the speed of its digits: an embedding is most of the item that has it.

use super::Reader;
use crate::codec::error::{DecodeError, Problem};

impl Reader<'_> {
    /// Reads a list, `L`, of exactly `N` numbers, each as the nearest `f32`.
    ///
    /// # Errors
    /// When the value is no list, an element is no number in the range of an `f32`, or there are
    /// not `N` of them.
    pub(crate) fn floats<const N: usize>(&mut self) -> Result<Box<[f32; N]>, DecodeError> {
        let start = self.position();
        let mut numbers = Vec::with_capacity(N);
        self.list(|reader| {
            reader.fractions(&mut numbers, N);
            let number = match reader.short_float() {
                Some(number) => number,
                None => reader.float32()?,
            };
            // One more than there may be is enough to tell, whatever the list goes on with.
            if numbers.len() < N {
                numbers.push(number);
                Ok(())
            } else {
                Err(wrong_length(start, N, None))
            }
        })?;
        let found = numbers.len();
        numbers.try_into().map_err(|_| wrong_length(start, N, Some(found)))
    }

    /// Reads elements that are fractions in their usual form, each with the comma after it, until there
    /// are so many numbers; the next element is not one of them, or the last.
    fn fractions(&mut self, numbers: &mut Vec<f32>, at_most: usize) {
        let mut rest = self.rest();
        while numbers.len() < at_most
            && let Some((number, after)) = fraction_and_comma(rest)
        {
            numbers.push(number);
            rest = after;
        }
        self.position = self.text.len() - rest.len();
    }

    /// Reads a number in its usual form, or leaves the reader where it is.
    #[inline]
    fn short_float(&mut self) -> Option<f32> {
        let text = self.rest().strip_prefix(b"{\"N\":\"")?;
        let (number, rest) = short_float(text)?;
        let rest = rest.strip_prefix(b"\"}")?;
        self.position = self.text.len() - rest.len();
        Some(number)
    }
}

#[cold]
fn wrong_length(start: usize, expected: usize, found: Option<usize>) -> DecodeError {
    DecodeError::new(start, Problem::WrongLength { expected, found })
}

/// The powers of ten that an `f64` has exactly, as far as they are needed.
const POWERS: [f64; 19] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18,
];

/// Reads an element of eight to twelve places, such as `{"N":"-0.012345678"},`, and gives what is
/// after it.
///
/// There is no branch on what differs from one to the next, the sign and the number of digits: it
/// would be mispredicted. Where the next begins depends on one word of this only.
#[inline]
fn fraction_and_comma(text: &[u8]) -> Option<(f32, &[u8])> {
    const POSITIVE: u64 = u64::from_le_bytes(*b"{\"N\":\"0.");
    const NEGATIVE: u64 = u64::from_le_bytes(*b"{\"N\":\"-0");
    const END: u32 = u32::from_le_bytes(*b"\"},\0");
    const EIGHT: usize = 8;
    const MOST_AFTER: usize = 4;
    let element: &[u8; 32] = text.first_chunk()?;
    let word = |at: usize| -> Option<u64> {
        element.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    };
    let (start, first, second) = (word(0)?, word(8)?, word(16)?);
    let end = 2 * EIGHT + first_quote(second)?;
    let is_negative = start == NEGATIVE && element[8] == b'.';
    if start != POSITIVE && !is_negative {
        return None;
    }
    let (eight, after) = if is_negative {
        (first >> 8 | second << 56, second >> 8)
    } else {
        (first, second)
    };
    let sign = usize::from(is_negative);
    let count = end.checked_sub(2 * EIGHT + sign)?;
    if count > MOST_AFTER || !are_digits(eight) {
        return None;
    }
    // To the end of eight digits, with zeros before them.
    let after = (after & 0xffff_ffff) << (32 - 8 * count) & 0xffff_ffff;
    let after = after << 32 | ZEROS >> (8 * count);
    if !are_digits(after) {
        return None;
    }
    let digits = eight_digits(eight) * *WHOLE_POWERS.get(count)? + eight_digits(after);
    let last = u32::from_le_bytes(*element.get(end..)?.first_chunk()?);
    if last & 0x00ff_ffff != END || digits == 0 {
        return None;
    }
    let nearest = nearest(digits, *POWERS.get(EIGHT + count)?)?;
    let after = text.get(end + 3..)?;
    Some((f32::from_bits(nearest.to_bits() | u32::from(is_negative) << 31), after))
}

const ZEROS: u64 = 0x3030_3030_3030_3030;
const WHOLE_POWERS: [u64; 5] = [1, 10, 100, 1_000, 10_000];

/// The place of the first quotation mark of eight bytes, the first of them lowest.
#[inline]
const fn first_quote(word: u64) -> Option<usize> {
    let others = word ^ 0x2222_2222_2222_2222;
    // Below the first byte that is zero nothing is borrowed from one byte for another.
    let zeros = others.wrapping_sub(0x0101_0101_0101_0101) & !others & 0x8080_8080_8080_8080;
    if zeros == 0 { None } else { Some(zeros.trailing_zeros() as usize / 8) }
}

/// The `f32` that is nearest to the quotient of a whole number and one of the powers of ten, where both
/// are exact in an `f64`.
///
/// No such quotient is so small that an `f32` has fewer bits of it.
///
/// Their quotient in `f64` is the nearest to the number. The `f32` that is nearest to it is nearest
/// to the number too, unless the quotient lies in the middle between two of them, where the number
/// itself may lie beside it.
#[inline]
fn nearest(digits: u64, power: f64) -> Option<f32> {
    const MIDDLE: u64 = 1 << (f64::MANTISSA_DIGITS - f32::MANTISSA_DIGITS - 1);
    #[expect(clippy::cast_precision_loss, reason = "it is exact")]
    let quotient = digits as f64 / power;
    if quotient.to_bits() & (2 * MIDDLE - 1) == MIDDLE {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is rounded to the nearest")]
    Some(quotient as f32)
}

/// The digits after the point that are read at once.
const AT_ONCE: usize = 8;

/// The digits that may be before the point, after the first, and after those that are read at once: so
/// that all of them fit a `u64`.
const BEFORE: usize = 6;
const AFTER: usize = 4;

/// Reads a number of few digits and no exponent, and gives what is after it.
#[inline]
fn short_float(text: &[u8]) -> Option<(f32, &[u8])> {
    let (negative, text) = match text {
        [b'-', text @ ..] => (true, text),
        text => (false, text),
    };
    let (mut digits, mut rest) = match text {
        [b'0', rest @ ..] => (0, rest),
        [digit @ b'1'..=b'9', rest @ ..] => more_digits(u64::from(digit - b'0'), rest, BEFORE),
        _ => return None,
    };
    let mut places = 0;
    if let [b'.', fraction @ ..] = rest {
        let (mut left, mut at_most) = (fraction, AT_ONCE);
        if let Some((eight, after)) = fraction.split_first_chunk::<AT_ONCE>() {
            let word = u64::from_le_bytes(*eight);
            if are_digits(word) {
                digits = digits * 100_000_000 + eight_digits(word);
                (left, at_most) = (after, AFTER);
            }
        }
        (digits, left) = more_digits(digits, left, at_most);
        places = fraction.len() - left.len();
        rest = left;
        if places == 0 {
            return None;
        }
    }
    if digits > 1 << f64::MANTISSA_DIGITS {
        return None;
    }
    let nearest = nearest(digits, *POWERS.get(places)?)?;
    Some((if negative && digits != 0 { -nearest } else { nearest }, rest))
}

/// Appends digits to a number, at most so many, and gives what is after them.
#[inline]
fn more_digits(mut number: u64, text: &[u8], at_most: usize) -> (u64, &[u8]) {
    let mut length = 0;
    for digit in text.iter().take(at_most).take_while(|byte| byte.is_ascii_digit()) {
        number = number * 10 + u64::from(digit - b'0');
        length += 1;
    }
    (number, text.get(length..).unwrap_or_default())
}

/// Whether all eight bytes are digits.
#[inline]
const fn are_digits(word: u64) -> bool {
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let below = word.wrapping_sub(0x3030_3030_3030_3030);
    let above = word.wrapping_add(0x4646_4646_4646_4646);
    (below | above | word) & TOPS == 0
}

/// The number of eight digits, the first of which is in the lowest byte: pairs, fours and eights
/// are put together.
#[inline]
const fn eight_digits(word: u64) -> u64 {
    let ones = word & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = (ones.wrapping_mul(10) + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xffff_ffff
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codec::{Decode, Encode, Writer};

    fn floats<const N: usize>(json: &str) -> Result<Box<[f32; N]>, DecodeError> {
        crate::codec::read(json.as_bytes(), Reader::floats)
    }

    #[test]
    fn the_middle_between_two_floats_is_read_exactly() {
        // 2^24 + 1 lies in the middle, and what is beside it rounds otherwise.
        for text in ["16777217", "16777217.0", "16777217.00000001", "16777216.99999999", "0.5"] {
            let read = floats::<1>(&format!(r#"{{"L":[{{"N":"{text}"}}]}}"#)).unwrap();
            assert_eq!(read[0].to_bits(), text.parse::<f32>().unwrap().to_bits(), "{text}");
        }
    }

    #[test]
    fn another_length_is_refused() {
        for (json, message) in [
            (r#"{"L":[]}"#, "at byte 0: expected a list of 2 numbers, found 0"),
            (r#"{"L":[{"N":"1"}]}"#, "at byte 0: expected a list of 2 numbers, found 1"),
            (
                r#"{"L":[{"N":"1"},{"N":"1"},{"N":"1"}]}"#,
                "at byte 0: expected a list of 2 numbers, found more",
            ),
        ] {
            assert_eq!(floats::<2>(json).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn what_is_no_list_of_numbers_is_refused() {
        for json in [
            r#"{"NULL":true}"#,
            r#"{"N":"1"}"#,
            r#"{"NS":["1"]}"#,
            r#"{"L":[{"S":"1"}]}"#,
            r#"{"L":[{"NULL":true}]}"#,
            r#"{"L":[1]}"#,
            r#"{"L":[{"N":1}]}"#,
            r#"{"L":[{"N":"NaN"}]}"#,
            r#"{"L":[{"N":""}]}"#,
            r#"{"L":[{"N":"1."}]}"#,
            r#"{"L":[{"N":"01"}]}"#,
            r#"{"L":[{"N":"-"}]}"#,
            r#"{"L":[{"N":"1e39"}]}"#,
            r#"{"L":[{"N":"3.5E38"}]}"#,
            r#"{"L":[{"N":"1e-60"}]}"#,
            r#"{"L":[{"N":"1"}"#,
        ] {
            assert!(floats::<1>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn eight_digits_are_read_at_once() {
        for (text, number) in
            [(b"00000000", 0), (b"12345678", 12_345_678), (b"99999999", 99_999_999)]
        {
            assert!(are_digits(u64::from_le_bytes(*text)));
            assert_eq!(eight_digits(u64::from_le_bytes(*text)), number);
        }
        for place in 0..8 {
            for byte in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit()) {
                let mut text = *b"12345678";
                text[place] = byte;
                assert!(!are_digits(u64::from_le_bytes(text)), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn the_first_quotation_mark_is_found() {
        for place in 0..8 {
            for other in [0, 1, b'!', b'#', b'0', 0x7f, 0x80, 0xa2, 0xff] {
                let mut text = [other; 8];
                assert_eq!(first_quote(u64::from_le_bytes(text)), None);
                text[place] = b'"';
                assert_eq!(first_quote(u64::from_le_bytes(text)), Some(place));
                text[7] = b'"';
                assert_eq!(first_quote(u64::from_le_bytes(text)), Some(place));
            }
        }
    }

    #[test]
    fn elements_of_eight_to_twelve_places_are_read_at_once() {
        const REST: &str = r#"{"N":"0.12345678"},{"N":"1"}]}"#;
        let digits = "012345678901234";
        for sign in ["", "-"] {
            for length in 1..=15 {
                let number = format!("{sign}0.{}", &digits[..length]);
                let text = format!(r#"{{"N":"{number}"}},{REST}"#);
                let read = fraction_and_comma(text.as_bytes());
                let expected = (8..=12).contains(&length).then(|| number.parse().unwrap());
                assert_eq!(read.map(|(number, _)| number), expected, "{text}");
                assert!(read.is_none_or(|(_, rest)| rest == REST.as_bytes()), "{text}");
            }
        }
        let usual = format!(r#"{{"N":"-0.123456789"}},{REST}"#);
        for place in 0..usual.len() - REST.len() {
            for byte in [b' ', b'"', b'.', b'e', b'/', b':', b'\\', 0, 0xb0, 0xff] {
                let mut text = usual.as_bytes().to_vec();
                if std::mem::replace(&mut text[place], byte) == byte {
                    continue;
                }
                assert_eq!(fraction_and_comma(&text), None, "{byte} at {place}");
            }
        }
    }

    fn float() -> impl Strategy<Value = f32> {
        let any_bits = any::<u32>().prop_map(f32::from_bits);
        prop_oneof![any_bits, -1.0_f32..1.0, -0.1_f32..0.1, -1e9_f32..1e9, Just(0.0), Just(-0.0), Just(1e-40)]
            .prop_filter("finite", |number| number.is_finite())
    }

    proptest! {
        #[test]
        fn it_is_written_as_a_list_of_floats_is(numbers in prop::collection::vec(float(), 0..9)) {
            let mut writer = Writer::default();
            writer.floats(&numbers);
            let mut plain = Writer::default();
            numbers.encode(&mut plain);
            prop_assert_eq!(writer.item_size(), plain.item_size());
            prop_assert_eq!(writer.finish().unwrap(), plain.finish().unwrap());
        }

        #[test]
        fn what_is_read_is_what_was_written(numbers: [u32; 5]) {
            let numbers = numbers.map(f32::from_bits);
            prop_assume!(numbers.iter().all(|number| number.is_finite()));
            let mut writer = Writer::default();
            writer.floats(&numbers);
            let json = writer.finish().unwrap();
            let read = crate::codec::read(&json, Reader::floats::<5>).unwrap();
            // DynamoDB has one zero.
            let bits = |number: f32| (number + 0.0).to_bits();
            prop_assert_eq!(read.map(bits), numbers.map(bits));
        }

        #[test]
        fn any_text_is_read_as_one_float_is(text in "-?(0|[1-9][0-9]{0,12})([.][0-9]{1,20})?([eE]-?[0-9]{1,2})?") {
            let json = format!(r#"{{"L":[{{"N":"{text}"}}]}}"#);
            let one = format!(r#"{{"N":"{text}"}}"#);
            let one = crate::codec::read(one.as_bytes(), f32::decode);
            let bits = |number: f32| (number + 0.0).to_bits();
            match (floats::<1>(&json), one) {
                (Ok(read), Ok(one)) => prop_assert_eq!(bits(read[0]), bits(one), "{}", text),
                (Err(_), Err(_)) => {}
                (read, one) => prop_assert!(false, "{}: {:?} {:?}", text, read, one),
            }
        }
    }
}
