//! DynamoDB's numbers: decimal text, exact to 38 digits.

use std::cmp::Ordering;
use std::fmt::{self, Write};
use std::hash::{Hash, Hasher};

/// The significant digits of a number.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>
pub(crate) const MAX_DIGITS: usize = 38;

/// A number by its text, without loss: `±0.digits × 10^magnitude`.
///
/// Equal numbers have equal parts, however they are spelt: the digits neither start nor end with a
/// zero, and zero has none, is not negative and has the magnitude 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal<'a> {
    pub(crate) negative: bool,
    /// The digits before and after the point.
    digits: (&'a [u8], &'a [u8]),
    pub(crate) magnitude: i64,
}

impl<'a> Decimal<'a> {
    /// Reads a number in the grammar of JSON, or `None` if the text is not exactly that.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (number, length) = Self::parse_prefix(text.as_bytes())?;
        (length == text.len()).then_some(number)
    }

    /// Reads the number that the text starts with, and its length.
    pub(super) fn parse_prefix(text: &'a [u8]) -> Option<(Self, usize)> {
        let (negative, rest) = match text.strip_prefix(b"-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, rest) = split_digits(rest);
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with(b"0")) {
            return None;
        }
        let (fraction, rest) = match rest.strip_prefix(b".") {
            Some(rest) => Some(split_digits(rest)).filter(|(fraction, _)| !fraction.is_empty())?,
            None => (rest.get(..0)?, rest),
        };
        let (exponent, rest) = match rest {
            [b'e' | b'E', rest @ ..] => exponent(rest)?,
            _ => (0, rest),
        };
        let number = Self { negative, digits: (whole, fraction), magnitude: exponent };
        Some((number.normalised(), text.len() - rest.len()))
    }

    fn normalised(self) -> Self {
        let (whole, fraction) = self.digits;
        let magnitude = self.magnitude.saturating_add(length(whole));
        let whole = trim_start(whole);
        let (whole, fraction, magnitude) = if whole.is_empty() {
            let trimmed = trim_start(fraction);
            (whole, trimmed, magnitude - 1 - (length(fraction) - length(trimmed)))
        } else {
            (whole, fraction, magnitude)
        };
        let fraction = trim_end(fraction);
        let whole = if fraction.is_empty() { trim_end(whole) } else { whole };
        if whole.is_empty() && fraction.is_empty() {
            return Self { negative: false, digits: (whole, fraction), magnitude: 0 };
        }
        Self { negative: self.negative, digits: (whole, fraction), magnitude }
    }

    pub(crate) fn digit_count(&self) -> usize {
        self.digits.0.len() + self.digits.1.len()
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.digit_count() == 0
    }

    /// Whether it is zero or in DynamoDB's range, 1E-130 to 9.99E+125, on either side of zero.
    pub(crate) fn is_in_range(&self) -> bool {
        (-129..=126).contains(&self.magnitude)
    }

    /// The greatest whole number that is at most `10^places` times this one.
    pub(crate) fn floor(&self, places: i64) -> Option<i128> {
        let count = usize::try_from(self.magnitude.checked_add(places)?.max(0)).ok()?;
        if count > MAX_DIGITS {
            return None;
        }
        let digits = self.digits().chain(std::iter::repeat(b'0')).take(count);
        let whole = digits.fold(0_i128, |number, digit| number * 10 + i128::from(digit - b'0'));
        let is_exact = self.digit_count() <= count;
        Some(if self.negative { -whole - i128::from(!is_exact) } else { whole })
    }

    /// The number as `coefficient × 10^exponent`, unless it has too many digits for that.
    #[cfg(feature = "rust-decimal-1")]
    pub(crate) fn scaled(&self) -> Option<(i128, i64)> {
        if self.digit_count() > MAX_DIGITS {
            return None;
        }
        let coefficient =
            self.digits().fold(0_i128, |number, digit| number * 10 + i128::from(digit - b'0'));
        let coefficient = if self.negative { -coefficient } else { coefficient };
        Some((coefficient, self.magnitude - i64::try_from(self.digit_count()).ok()?))
    }

    fn sign(&self) -> i8 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// The distance from zero, if it is a whole number.
    pub(crate) fn whole(&self) -> Result<u128, NotWhole> {
        let digit_count = i64::try_from(self.digit_count()).map_err(|_| NotWhole::OutOfRange)?;
        if self.magnitude < digit_count {
            return Err(NotWhole::Fraction);
        }
        let mut whole = 0_u128;
        let zeros = std::iter::repeat_n(
            b'0',
            usize::try_from(self.magnitude - digit_count).unwrap_or(usize::MAX),
        );
        for digit in self.digits().chain(zeros) {
            whole = whole
                .checked_mul(10)
                .and_then(|whole| whole.checked_add(u128::from(digit - b'0')))
                .ok_or(NotWhole::OutOfRange)?;
        }
        Ok(whole)
    }

    /// Its digits, without zeros at either end.
    pub(crate) fn digits_text(&self) -> String {
        self.digits().map(char::from).collect()
    }

    fn digits(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.digits.0.iter().chain(self.digits.1).copied()
    }
}

/// By value, however they are spelt.
impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let distance =
            || self.magnitude.cmp(&other.magnitude).then_with(|| self.digits().cmp(other.digits()));
        self.sign()
            .cmp(&other.sign())
            .then_with(|| if self.negative { distance().reverse() } else { distance() })
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal<'_> {}

impl Hash for Decimal<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sign().hash(state);
        self.magnitude.hash(state);
        state.write_usize(self.digit_count());
        self.digits().for_each(|digit| state.write_u8(digit));
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotWhole {
    Fraction,
    OutOfRange,
}

/// The one spelling of a number, such as `-0.12E3`.
impl fmt::Display for Decimal<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return formatter.write_char('0');
        }
        if self.negative {
            formatter.write_char('-')?;
        }
        formatter.write_str("0.")?;
        for digit in self.digits() {
            formatter.write_char(char::from(digit))?;
        }
        write!(formatter, "E{}", self.magnitude)
    }
}

/// A number of few digits and without an exponent, as most are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShortNumber {
    negative: bool,
    digits: i64,
    /// How many of the digits are after the point.
    fraction: usize,
}

impl ShortNumber {
    const MAX_DIGITS: usize = 18;

    /// Reads the number that the text starts with, and gives what is after it.
    #[inline]
    pub(super) fn parse_prefix(text: &[u8]) -> Option<(Self, &[u8])> {
        let (negative, text) = match text {
            [b'-', text @ ..] => (true, text),
            text => (false, text),
        };
        let (digits, whole, rest) = few_digits(0, text, Self::MAX_DIGITS);
        if whole == 0 || (whole > 1 && text.starts_with(b"0")) {
            return None;
        }
        let [b'.', rest @ ..] = rest else {
            return Some((Self { negative, digits, fraction: 0 }, rest));
        };
        let (digits, fraction, rest) = few_digits(digits, rest, Self::MAX_DIGITS - whole);
        if fraction == 0 {
            return None;
        }
        Some((Self { negative, digits, fraction }, rest))
    }

    /// The number, if it is written as a whole one.
    #[inline]
    pub(super) fn whole(self) -> Option<i64> {
        let whole = if self.negative { -self.digits } else { self.digits };
        (self.fraction == 0).then_some(whole)
    }

    /// The nearest float: of two exact ones, the quotient is rounded once.
    #[inline]
    pub(super) fn nearest_f64(self) -> Option<f64> {
        const POWERS: [f64; ShortNumber::MAX_DIGITS] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
            1e16, 1e17,
        ];
        if self.digits > 1 << f64::MANTISSA_DIGITS {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "so far all whole numbers are floats")]
        let nearest = self.digits as f64 / POWERS.get(self.fraction)?;
        Some(if self.negative { -nearest } else { nearest })
    }
}

/// Appends digits to a number, and tells how many there were and what is after them.
#[inline]
fn few_digits(mut number: i64, text: &[u8], at_most: usize) -> (i64, usize, &[u8]) {
    let mut length = 0;
    for digit in text.iter().take(at_most).take_while(|byte| byte.is_ascii_digit()) {
        number = number * 10 + i64::from(digit - b'0');
        length += 1;
    }
    (number, length, text.get(length..).unwrap_or_default())
}

/// No number of DynamoDB comes near this; it keeps sums of exponents and lengths exact.
const LIMIT: i64 = i64::MAX >> 8;

fn exponent(text: &[u8]) -> Option<(i64, &[u8])> {
    let (sign, rest) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] | rest => (1, rest),
    };
    let (digits, rest) = split_digits(rest);
    if digits.is_empty() {
        return None;
    }
    let exponent = digits.iter().fold(0_i64, |exponent, digit| {
        exponent.saturating_mul(10).saturating_add(i64::from(digit - b'0')).min(LIMIT)
    });
    Some((sign * exponent, rest))
}

fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at(length)
}

fn trim_start(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    digits.get(zeros..).unwrap_or_default()
}

fn trim_end(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().rev().take_while(|&&digit| digit == b'0').count();
    digits.get(..digits.len() - zeros).unwrap_or_default()
}

fn length(digits: &[u8]) -> i64 {
    i64::try_from(digits.len()).unwrap_or(LIMIT)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::DefaultHasher;

    use proptest::prelude::*;

    use super::*;

    fn spelling(text: &str) -> String {
        decimal(text).to_string()
    }

    fn decimal(text: &str) -> Decimal<'_> {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn equal_numbers_are_equal_however_they_are_spelt() {
        for equal in [
            &["1", "1.0", "10E-1", "0.1e1", "1.000", "0.001E+3", "100e-2"][..],
            &["0", "-0", "0.00", "0E99", "-0.0e-7"],
            &["-120", "-1.2E2", "-1.20e+02", "-120.0"],
            &["0.05", "5e-2", "0.5E-1", "50e-3"],
            &["10203.0405", "1.02030405E4", "102030405e-4"],
        ] {
            for left in equal {
                for right in equal {
                    assert_eq!(spelling(left), spelling(right), "{left} {right}");
                }
            }
        }
    }

    #[test]
    fn numbers_that_an_f64_confuses_are_different() {
        assert_ne!(spelling("9007199254740992"), spelling("9007199254740993"));
        assert_ne!(spelling("0.1"), spelling("0.10000000000000000000000000000000000001"));
        assert_ne!(spelling("1"), spelling("-1"));
        assert_ne!(spelling("1E400"), spelling("1E401"));
        assert_ne!(spelling("0.01"), spelling("0.1"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", "-", "+1", "01", "-01", ".5", "1.", "1.e1", "1e", "1e+", "e1", "0x1", "1 ", " 1",
            "1,0", "NaN", "--1", "1e1.5",
        ] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_huge_exponent_is_out_of_range_at_once() {
        assert_eq!(decimal("1e99999999999999999999999").whole(), Err(NotWhole::OutOfRange));
        assert_eq!(decimal("1e-99999999999999999999999").whole(), Err(NotWhole::Fraction));
        assert_eq!(decimal("0e99999999999999999999999").whole(), Ok(0));
        assert_eq!(decimal("0.001e-99999999999999999999999").whole(), Err(NotWhole::Fraction));
    }

    fn hash(write: impl Fn(&mut DefaultHasher)) -> u64 {
        let mut hasher = DefaultHasher::new();
        write(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn different_numbers_have_different_hashes() {
        let texts =
            (-99..=99).flat_map(|number| [-1, 0, 3].map(|zeros| format!("{number}e{zeros}")));
        let numbers: HashSet<String> = texts.map(|text| spelling(&text)).collect();
        let hashes: HashSet<_> =
            numbers.iter().map(|text| hash(|hasher| decimal(text).hash(hasher))).collect();
        assert_eq!(hashes.len(), numbers.len());
        let followed = hash(|hasher| {
            decimal("0.1").hash(hasher);
            hasher.write_u8(b'2');
        });
        assert_ne!(hash(|hasher| decimal("0.12").hash(hasher)), followed);
    }

    /// A number in thousandths, and its text in one of its spellings.
    fn spelled() -> impl Strategy<Value = (i64, String)> {
        let digits = prop_oneof![-120_i64..120, -2_i64..3];
        (digits, 0_u32..4, 0_usize..3, any::<bool>()).prop_map(
            |(digits, exponent, zeros, negative)| {
                let padding = "0".repeat(zeros);
                let shown = i64::from(exponent) - 3 - i64::try_from(zeros).unwrap();
                let text = match (digits, negative) {
                    (0, false) => format!("0.0{padding}e{shown}"),
                    (0, true) => format!("-0e{shown}"),
                    _ => format!("{digits}{padding}e{shown}"),
                };
                (digits * 10_i64.pow(exponent), text)
            },
        )
    }

    proptest! {
        #[test]
        fn numbers_are_compared_by_value((left, left_text) in spelled(), (right, right_text) in spelled()) {
            let (one, other) = (decimal(&left_text), decimal(&right_text));
            prop_assert_eq!(one.cmp(&other), left.cmp(&right), "{} {}", left_text, right_text);
            prop_assert_eq!(one.partial_cmp(&other), Some(left.cmp(&right)));
            prop_assert_eq!(one == other, left == right, "{} {}", left_text, right_text);
            prop_assert_eq!(one.is_zero(), left == 0);
            prop_assert_eq!(one.negative, left < 0);
            let hashes = [one, other].map(|number| hash(|hasher| number.hash(hasher)));
            prop_assert_eq!(hashes[0] == hashes[1], left == right);
            let whole = if left % 1_000 == 0 {
                Ok(u128::from(left.unsigned_abs() / 1_000))
            } else {
                Err(NotWhole::Fraction)
            };
            prop_assert_eq!(one.whole(), whole, "{}", left_text);
        }

        #[test]
        fn the_range_is_that_of_the_exponent(digits in "-?[1-9](\\.[0-9]{1,40})?", exponent in -140_i64..140) {
            let number = format!("{digits}e{exponent}");
            prop_assert_eq!(decimal(&number).is_in_range(), (-130..=125).contains(&exponent));
            let zero = format!("-0.0e{exponent}");
            prop_assert!(decimal(&zero).is_in_range());
        }

        #[test]
        fn whole_numbers_are_exact(number in 1..=u128::MAX, zeros in 0_usize..20) {
            prop_assert_eq!(decimal(&number.to_string()).whole(), Ok(number));
            let padded = format!("{number}{}e-{zeros}", "0".repeat(zeros));
            prop_assert_eq!(decimal(&padded).whole(), Ok(number));
            prop_assert_eq!(spelling(&padded), spelling(&number.to_string()));
        }

        #[test]
        fn a_moved_point_changes_nothing(digits in "[1-9][0-9]{1,37}", exponent in -100_i64..100, point in 1_usize..38) {
            let point = point.min(digits.len() - 1);
            let (whole, fraction) = digits.split_at(point);
            let moved = i64::try_from(digits.len() - point).unwrap();
            let left = format!("{digits}e{exponent}");
            let right = format!("{whole}.{fraction}E{}", exponent + moved);
            prop_assert_eq!(spelling(&left), spelling(&right));
        }

        #[test]
        fn a_short_number_is_the_same_by_itself(text in "-?[0-9]{1,18}(\\.[0-9]{0,18})?[e ]?") {
            let Some((short, rest)) = ShortNumber::parse_prefix(text.as_bytes()) else {
                return Ok(());
            };
            let text = &text[..text.len() - rest.len()];
            let number = decimal(text);
            if let Some(nearest) = short.nearest_f64() {
                prop_assert_eq!(nearest.to_bits(), text.parse::<f64>().unwrap().to_bits());
            }
            if let Some(whole) = short.whole() {
                prop_assert_eq!(number.whole(), Ok(u128::from(whole.unsigned_abs())));
                prop_assert_eq!(whole < 0, number.negative);
            }
        }

        #[test]
        fn what_is_short_is_read_by_itself(whole in 0..1_i64 << 53, places in 0_usize..17) {
            let text = format!("{whole:0width$}", width = places + 1);
            let (before, after) = text.split_at(text.len() - places);
            let text = if after.is_empty() { text } else { format!("{before}.{after}") };
            let (short, rest) = ShortNumber::parse_prefix(text.as_bytes()).unwrap();
            prop_assert!(rest.is_empty());
            prop_assert_eq!(short.nearest_f64(), text.parse().ok());
            prop_assert_eq!(short.whole(), (places == 0).then_some(whole));
        }

        #[test]
        fn the_grammar_is_that_of_json(text in "[-+0-9.]{0,6}[eE]?[-+.]?[0-9]{0,2}[-+.eE]?") {
            let json = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            prop_assert_eq!(Decimal::parse(&text).is_some(), json);
        }
    }
}
