//! The shortest text of an `f32` below one, of which an embedding is made.
//!
//! Such a number is `coefficient / 2^shift`, and the distance between two of them is `1 / 2^shift`.
//! Multiplied by the least power of ten that is no less than `2^shift`, the distance is from 1 to
//! 10: so in the middle around the number there is a whole number, and at most one that ends in
//! zero, which is shorter. All of this is exact in 64 bits, where general algorithms multiply by an
//! inexact power.

use std::hint::select_unpredictable;

/// A decimal fraction of 8 to 12 places.
pub(super) struct Fraction {
    places: usize,
    /// In ASCII.
    last_eight: u64,
    /// The digit before the last eight: there is none before it but zeros.
    ninth: u8,
    zeros_after: usize,
    /// Of the digits, those between the zeros.
    pub(super) significant: usize,
}

/// The bits of an exponent below which the powers of ten are not exact: of 2^-16.
const LEAST_EXPONENT: u32 = 127 - 16;

/// The exponents from there to that of 1, exclusive.
const EXPONENTS: usize = 16;

const MANTISSA_BITS: u32 = f32::MANTISSA_DIGITS - 1;

/// What is the same for all numbers of an exponent.
#[derive(Clone, Copy)]
struct Scale {
    /// By how many bits the coefficient is shifted to the right.
    shift: u32,
    /// The exponent of the power of ten that numbers are multiplied by.
    places: usize,
    power: u64,
    /// Half of the distance between two numbers.
    half: u64,
    /// What is added to round to whole numbers, unless the number is in the middle and odd.
    round: u64,
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const SCALES: [Scale; EXPONENTS] = {
    let mut scales = [Scale { shift: 0, places: 0, power: 1, half: 0, round: 0 }; EXPONENTS];
    let mut exponent = LEAST_EXPONENT;
    let mut place = 0;
    while place < EXPONENTS {
        let shift = 127 + MANTISSA_BITS - exponent;
        let (mut places, mut power) = (0, 1_u64);
        while power < 1 << shift {
            (places, power) = (places + 1, power * 10);
        }
        let round = (1 << (shift - 1)) - 1;
        scales[place] = Scale { shift, places, power, half: power / 2, round };
        exponent += 1;
        place += 1;
    }
    scales
};

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
    let scale = SCALES.get(exponent.wrapping_sub(LEAST_EXPONENT) as usize)?;
    if mantissa == 0 {
        return None;
    }
    let Scale { shift, places, power, half, round } = *scale;
    let scaled = u64::from(mantissa | 1 << MANTISSA_BITS) * power;
    #[expect(clippy::cast_possible_truncation, reason = "it is less than 10 * 2^24")]
    let tens = u64::from((scaled >> shift) as u32 / 10 * 10);
    let above = scaled - (tens << shift);
    let below = (10 << shift) - above;
    // The whole number that is nearest, the even one of two.
    let nearest = (above + round + ((above >> shift) & 1)) >> shift;
    // A number in the middle between two floats is none of these whole ones.
    let rest = select_unpredictable(below < half, 10, nearest);
    let rest = select_unpredictable(above < half, 0, rest);
    Some(Fraction::new(tens + rest, places))
}

impl Fraction {
    /// Of a whole number, which is less than 200,000,000 and not less than 1,000,000.
    #[inline]
    fn new(number: u64, places: usize) -> Self {
        const EIGHT: u64 = 100_000_000;
        let has_nine = number >= EIGHT;
        let eight = eight_digits(if has_nine { number - EIGHT } else { number });
        // The last digit is in the highest byte.
        let zeros_after = eight.swap_bytes().trailing_zeros() as usize / 8;
        let length = 7 + usize::from(number >= EIGHT / 10) + usize::from(has_nine);
        Self {
            places,
            last_eight: eight | 0x3030_3030_3030_3030,
            ninth: b'0' + u8::from(has_nine),
            zeros_after,
            significant: length - zeros_after,
        }
    }

    /// Writes what stands between two elements and then the number, and gives the length of both.
    ///
    /// Each piece has a known length, and is written over what is too much of the one before.
    #[inline]
    pub(super) fn write(&self, is_negative: bool, room: &mut [u8; 32]) -> Option<usize> {
        *room.first_chunk_mut()? = *b"\"},{\"N\":";
        *room.get_mut(8..)?.first_chunk_mut()? = *b"\"-";
        let start = 9 + usize::from(is_negative);
        *room.get_mut(start..)?.first_chunk_mut()? = *b"0.000000";
        // With eight places the ninth digit is where the point is.
        let eight = start + 2 + self.places - 8;
        *room.get_mut(eight - 1)? = if self.places == 8 { b'.' } else { self.ninth };
        *room.get_mut(eight..)?.first_chunk_mut()? = self.last_eight.to_le_bytes();
        Some(eight + 8 - self.zeros_after)
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

    fn text(number: f32) -> Option<String> {
        let fraction = fraction(number)?;
        let mut room = [b'x'; 32];
        let length = fraction.write(number < 0.0, &mut room).unwrap();
        let text = std::str::from_utf8(&room[..length]).unwrap();
        let text = text.strip_prefix("\"},{\"N\":\"").unwrap();
        let digits = text.trim_start_matches(['-', '0', '.']);
        assert_eq!(digits.len(), fraction.significant, "{text}");
        Some(text.to_owned())
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
            assert_eq!(text(-number), text(number).map(|text| format!("-{text}")));
        }
    }

    #[test]
    fn what_is_not_exact_in_64_bits_is_left_to_the_general_algorithm() {
        let first = f32::exp2(-16.0);
        for number in [0.0, 1.0, 1.5, 2.0, 3e38, 1e-40, first, first.next_down(), 0.5, f32::NAN] {
            assert_eq!(text(number), None, "{number}");
        }
        for number in [first.next_up(), 1.0_f32.next_down(), 0.1, 0.75, 0.501_953_1] {
            assert_eq!(text(number), Some(general(number)));
        }
    }
}
