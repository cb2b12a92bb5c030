//! The shortest text of an `f32` below one, of which an embedding is made.
//!
//! Such a number is `coefficient / 2^shift`, and the distance between two of them is `1 / 2^shift`.
//! Multiplied by the least power of ten that is no less than `2^shift`, the distance is from 1 to
//! 10: so in the middle around the number there is a whole number, and at most one that ends in
//! zero, which is shorter. All of this is exact in 64 bits, where general algorithms multiply by an
//! inexact power.

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

/// Those of the exponents from there to that of 1, exclusive.
const EXPONENTS: usize = 16;

/// The digits that are written at most: 10^12 is the greatest of the powers.
const MAX_DIGITS: u32 = 12;

#[derive(Clone, Copy)]
struct Scale {
    /// The power of ten that the number is multiplied by.
    power: u64,
    /// What is left to have all digits.
    rest: u64,
}

const SCALES: [Scale; EXPONENTS] = {
    let mut scales = [Scale { power: 1, rest: 1 }; EXPONENTS];
    let mut place = 0;
    while place < EXPONENTS {
        let shift = shift(LEAST_EXPONENT + place as u32);
        let mut digits = 0;
        while 10_u64.pow(digits) < 1 << shift {
            digits += 1;
        }
        scales[place] = Scale { power: 10_u64.pow(digits), rest: 10_u64.pow(MAX_DIGITS - digits) };
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
#[inline]
pub(super) fn fraction(number: f32) -> Option<Fraction> {
    let bits = number.to_bits();
    let exponent = (bits >> MANTISSA_BITS) & 0xff;
    let mantissa = bits & ((1 << MANTISSA_BITS) - 1);
    let Scale { power, rest } = *SCALES.get(exponent.wrapping_sub(LEAST_EXPONENT) as usize)?;
    if mantissa == 0 {
        return None;
    }
    let shift = shift(exponent);
    let scaled = u64::from(mantissa | 1 << MANTISSA_BITS) * power;
    let tens = (scaled >> shift) / 10 * 10;
    let above = scaled - (tens << shift);
    let below = (10 << shift) - above;
    // A number in the middle between two floats is none of these whole ones.
    let number = if above < power / 2 {
        tens
    } else if below < power / 2 {
        tens + 10
    } else {
        tens + nearest(above, shift)
    };
    Some(digits(number * rest))
}

/// The whole number that is nearest, the even one of two.
#[inline]
const fn nearest(number: u64, shift: u32) -> u64 {
    let is_odd = (number >> shift) & 1;
    (number + (1 << (shift - 1)) - 1 + is_odd) >> shift
}

/// The twelve digits of a number, without the zeros at the end.
#[inline]
fn digits(number: u64) -> Fraction {
    const ZEROS: u128 = 0x3030_3030_3030_3030_3030_3030_3030_3030;
    let (eight, four) = (number / 10_000, number % 10_000);
    let high = single(pairs(eight / 10_000 | (eight % 10_000) << 32));
    let low = single(pairs(four));
    let digits = u128::from(high) | u128::from(low) << 64;
    let length = 16 - digits.leading_zeros() as usize / 8;
    let zeros = digits.trailing_zeros() as usize / 8;
    Fraction { text: digits | ZEROS, length, significant: length - zeros }
}

/// Each four digits, of 32 bits, to two pairs of 16 bits, the first of them lower.
#[inline]
const fn pairs(fours: u64) -> u64 {
    // Of up to four digits, 5243 / 2^19 is a hundredth.
    let hundreds = (fours * 5_243) >> 19 & 0x0000_007f_0000_007f;
    hundreds | (fours - hundreds * 100) << 16
}

/// Each pair of digits, of 16 bits, to two digits of 8, the first of them lower.
#[inline]
const fn single(pairs: u64) -> u64 {
    // Of up to two digits, 103 / 2^10 is a tenth.
    let tens = (pairs * 103) >> 10 & 0x000f_000f_000f_000f;
    tens | (pairs - tens * 10) << 8
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
