//! The shortest text of an `f32` below one, of which an embedding is made.
//!
//! Such a number is `coefficient / 2^shift`, and the distance between two of them is `1 / 2^shift`.
//! Multiplied by the least power of ten that is no less than `2^shift`, the distance is from 1 to
//! 10: so in the middle around the number there is a whole number, and at most one that ends in
//! zero, which is shorter. All of this is exact in 64 bits, where general algorithms multiply by an
//! inexact power.

use std::hint::select_unpredictable;

/// The digits after `0.`.
pub(super) struct Fraction {
    /// In ASCII, the first in the lowest byte. What is after them is of no use.
    pub(super) text: u128,
    pub(super) length: usize,
    /// Of the digits, those after the zeros at the front.
    pub(super) significant: usize,
}

/// The bits of an exponent below which the powers of ten are not exact: of 2^-16.
const LEAST_EXPONENT: u32 = 127 - 16;

/// The exponents from there to that of 1, exclusive.
const EXPONENTS: usize = 16;

/// The powers of ten that numbers of these exponents are multiplied by, as exponents and as numbers.
const SCALES: [(u32, u64); EXPONENTS] = {
    let mut scales = [(0, 1); EXPONENTS];
    let mut exponent = LEAST_EXPONENT;
    let mut place = 0;
    while place < EXPONENTS {
        let mut digits = 0;
        while 10_u64.pow(digits) < 1 << shift(exponent) {
            digits += 1;
        }
        scales[place] = (digits, 10_u64.pow(digits));
        exponent += 1;
        place += 1;
    }
    scales
};

const MANTISSA_BITS: u32 = f32::MANTISSA_DIGITS - 1;

/// By how many bits the coefficient is shifted to the right, where its exponent has these bits.
const fn shift(exponent: u32) -> u32 {
    127 + MANTISSA_BITS - exponent
}

/// The shortest decimal fraction that is read as this number or its opposite, of several the
/// nearest; nothing of numbers from one or below 2^-16, and of powers of two, whose neighbours are
/// not equally far.
///
/// Nothing is branched on that differs from one number to the next: it would be mispredicted.
#[inline]
pub(super) fn fraction(number: f32) -> Option<Fraction> {
    let bits = number.to_bits();
    let exponent = (bits >> MANTISSA_BITS) & 0xff;
    let mantissa = bits & ((1 << MANTISSA_BITS) - 1);
    let (places, power) = *SCALES.get(exponent.wrapping_sub(LEAST_EXPONENT) as usize)?;
    if mantissa == 0 {
        return None;
    }
    let shift = shift(exponent);
    let scaled = u64::from(mantissa | 1 << MANTISSA_BITS) * power;
    let tens = (scaled >> shift) / 10 * 10;
    let above = scaled - (tens << shift);
    let below = (10 << shift) - above;
    // A number in the middle between two floats is none of these whole ones.
    let half = power / 2;
    let rest = select_unpredictable(below < half, 10, nearest(above, shift));
    let rest = select_unpredictable(above < half, 0, rest);
    Some(digits(tens + rest, places))
}

/// The whole number that is nearest, the even one of two.
#[inline]
const fn nearest(number: u64, shift: u32) -> u64 {
    let is_odd = (number >> shift) & 1;
    (number + (1 << (shift - 1)) - 1 + is_odd) >> shift
}

/// The text of a number of so many digits, 8 to 12, with zeros before it and none after it; it is
/// less than 200,000,000.
#[inline]
fn digits(number: u64, places: u32) -> Fraction {
    const ZEROS: u128 = 0x3030_3030_3030_3030_3030_3030_3030_3030;
    const EIGHT: u64 = 100_000_000;
    let has_nine = number >= EIGHT;
    let eight = eight_digits(number - if has_nine { EIGHT } else { 0 });
    let zeros_after = eight.leading_zeros() / 8;
    let zeros_before = if has_nine { 0 } else { 1 + eight.trailing_zeros() / 8 };
    let nine = u128::from(eight) << 8 | u128::from(has_nine);
    Fraction {
        // The first of nine digits is before the last eight places.
        text: nine << (8 * (places - 8)) >> 8 | ZEROS,
        length: (places - zeros_after) as usize,
        significant: (9 - zeros_before - zeros_after) as usize,
    }
}

/// The digits of a number that has up to eight, one a byte, the first of them lowest.
#[inline]
const fn eight_digits(number: u64) -> u64 {
    // Numbers of four digits, of two and of one: of that many, the quotients are exact.
    let thousands = (number * 109_951_163) >> 40;
    let fours = (number << 32) - thousands * ((10_000 << 32) - 1);
    let hundreds = (fours * 5_243) >> 19 & 0x0000_007f_0000_007f;
    let pairs = (fours << 16) - hundreds * ((100 << 16) - 1);
    let tens = (pairs * 103) >> 10 & 0x000f_000f_000f_000f;
    (pairs << 8) - tens * ((10 << 8) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `0.` and the digits.
    fn text(number: f32) -> Option<String> {
        let Fraction { text, length, significant } = fraction(number)?;
        let text = format!("0.{}", std::str::from_utf8(&text.to_le_bytes()[..length]).unwrap());
        let digits = text.trim_start_matches(['0', '.']);
        assert_eq!(digits.len(), significant, "{text}");
        Some(text)
    }

    #[test]
    fn the_digits_are_those_of_the_number() {
        for number in (0..100_000_000).step_by(9_973).chain([1, 10_000, 99_999_999]) {
            let bytes = eight_digits(number).to_le_bytes().map(|digit| b'0' + digit);
            assert_eq!(std::str::from_utf8(&bytes).unwrap(), format!("{number:08}"));
        }
    }

    fn general(number: f32) -> String {
        zmij::Buffer::new().format_finite(number).to_owned()
    }

    #[test]
    fn each_hundredth_number_is_written_as_by_the_general_algorithm() {
        let (first, end) = (f32::exp2(-16.0), 1.0_f32);
        for bits in (first.to_bits()..end.to_bits()).step_by(97) {
            let number = f32::from_bits(bits);
            let is_power = bits.trailing_zeros() >= MANTISSA_BITS;
            assert_eq!(text(number), (!is_power).then(|| general(number)), "{bits:#x}");
            assert_eq!(text(-number), text(number));
        }
    }

    #[test]
    fn what_is_not_exact_in_64_bits_is_left_to_the_general_algorithm() {
        let first = f32::exp2(-16.0);
        for number in [0.0, 1.0, 1.5, 2.0, 3e38, 1e-40, first, first.next_down(), 0.5, f32::NAN] {
            assert_eq!(text(number), None, "{number}");
        }
        for number in [first.next_up(), 1.0_f32.next_down(), 0.1, 0.75, 0.50195313] {
            assert_eq!(text(number), Some(general(number)));
        }
    }
}
