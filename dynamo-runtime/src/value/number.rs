//! A number as DynamoDB has it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::codec::impls::{elements_of, stored_as};
use crate::codec::number::{Decimal, MAX_DIGITS, NotWhole};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use crate::key::{self, KeyPart, PartText};

/// A decimal number of up to 38 significant digits, exact: all that DynamoDB's `N` can hold, and
/// nothing else.
///
/// It keeps its text as it came, and is compared by value: `1.50` equals `1.5`, is as great and has
/// the same hash. There is one zero, `0`.
///
/// ```
/// use dynamo_runtime::Number;
///
/// let price: Number = "0.10".parse()?;
/// assert_eq!(price, "1E-1".parse()?);
/// assert_eq!(price.to_string(), "0.10");
/// assert!(Number::from(3) > price);
/// # Ok::<(), dynamo_runtime::value::NumberError>(())
/// ```
#[derive(Clone)]
pub struct Number {
    /// In the grammar of JSON, within DynamoDB's digits and range.
    text: Box<str>,
}

impl Number {
    /// The number's text, such as `-12.50` or `1E125`.
    ///
    /// ```
    /// use dynamo_runtime::Number;
    ///
    /// assert_eq!("1.50".parse::<Number>()?.as_str(), "1.50");
    /// # Ok::<(), dynamo_runtime::value::NumberError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The nearest `f64`: one of about 16 digits.
    ///
    /// ```
    /// use dynamo_runtime::Number;
    ///
    /// let price: Number = "0.30".parse()?;
    /// assert!((price.to_f64() - 0.3).abs() < 1e-12);
    /// # Ok::<(), dynamo_runtime::value::NumberError>(())
    /// ```
    pub fn to_f64(&self) -> f64 {
        // The text is in the grammar, and the range is within that of an `f64`.
        self.text.parse().unwrap_or_default()
    }

    fn new(text: &str) -> Result<Self, NumberError> {
        let number = Decimal::parse(text).ok_or(NumberError(NumberProblem::NotANumber))?;
        if number.digit_count() > MAX_DIGITS {
            return Err(NumberError(NumberProblem::TooPrecise));
        }
        if !number.is_in_range() {
            return Err(NumberError(NumberProblem::OutOfRange));
        }
        Ok(Self { text: if number.is_zero() { "0" } else { text }.into() })
    }

    /// The number by its parts, or nothing, which no number is.
    fn decimal(&self) -> Option<Decimal<'_>> {
        Decimal::parse(&self.text)
    }
}

/// Zero.
impl Default for Number {
    fn default() -> Self {
        Self { text: "0".into() }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.decimal().cmp(&other.decimal())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.decimal() == other.decimal()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.decimal().hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Reads a number in the grammar of JSON, such as `-12.50` or `1E125`.
impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::new(text)
    }
}

/// Fails for infinity, NaN and what is out of DynamoDB's range.
impl TryFrom<f64> for Number {
    type Error = NumberError;

    fn try_from(number: f64) -> Result<Self, NumberError> {
        if !number.is_finite() {
            return Err(NumberError(NumberProblem::OutOfRange));
        }
        let text = zmij::Buffer::new().format_finite(number).to_owned();
        Self::new(text.strip_suffix(".0").unwrap_or(&text))
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Number {
            fn from(number: $integer) -> Self {
                Self { text: itoa::Buffer::new().format(number).into() }
            }
        }
    )*};
}

macro_rules! try_from_integers {
    ($($integer:ty),*) => {$(
        /// Fails for more than 38 digits.
        impl TryFrom<$integer> for Number {
            type Error = NumberError;

            fn try_from(number: $integer) -> Result<Self, NumberError> {
                Self::new(itoa::Buffer::new().format(number))
            }
        }
    )*};
}

macro_rules! try_into_integers {
    ($($integer:ty),*) => {$(
        /// Fails for a fraction and for what is out of the integer's range.
        impl TryFrom<&Number> for $integer {
            type Error = NumberError;

            fn try_from(number: &Number) -> Result<Self, NumberError> {
                let (negative, distance) = number.whole()?;
                if negative {
                    0_i128.checked_sub_unsigned(distance).and_then(|number| number.try_into().ok())
                } else {
                    distance.try_into().ok()
                }
                .ok_or(NumberError(NumberProblem::OutOfRange))
            }
        }
    )*};
}

from_integers!(i8, i16, i32, i64, u8, u16, u32, u64);
try_from_integers!(i128, u128);
try_into_integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

impl Number {
    /// The sign and the distance from zero, if it is a whole number.
    fn whole(&self) -> Result<(bool, u128), NumberError> {
        let Some(number) = self.decimal() else {
            return Ok((false, 0));
        };
        match number.whole() {
            Ok(distance) => Ok((number.negative, distance)),
            Err(NotWhole::Fraction) => Err(NumberError(NumberProblem::Fraction)),
            Err(NotWhole::OutOfRange) => Err(NumberError(NumberProblem::OutOfRange)),
        }
    }
}

impl Encode for Number {
    fn encode(&self, writer: &mut Writer) {
        writer.decimal(&self.text);
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for Number {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.position();
        Self::new(&reader.decimal()?).map_err(|error| DecodeError::refused(start, error.reason()))
    }
}

stored_as!(Number: Number);
elements_of!(NumberSet: Number);

/// What is no [`Number`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberError(NumberProblem);

#[derive(Clone, Debug, PartialEq, Eq)]
enum NumberProblem {
    NotANumber,
    TooPrecise,
    OutOfRange,
    Fraction,
}

impl NumberError {
    /// Whether it would be a number, but has too many digits, is too great or too small, or is a
    /// fraction where a whole number is needed.
    ///
    /// ```
    /// use dynamo_runtime::Number;
    ///
    /// assert!("1E126".parse::<Number>().unwrap_err().is_out_of_range());
    /// assert!(!"ten".parse::<Number>().unwrap_err().is_out_of_range());
    /// ```
    pub fn is_out_of_range(&self) -> bool {
        self.0 != NumberProblem::NotANumber
    }

    pub(crate) fn reason(&self) -> &'static str {
        match self.0 {
            NumberProblem::NotANumber => "the text of the number is no number",
            NumberProblem::TooPrecise => "the number has more than 38 significant digits",
            NumberProblem::OutOfRange => "the number is out of range",
            NumberProblem::Fraction => "the number is a fraction",
        }
    }
}

impl fmt::Display for NumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason())
    }
}

impl std::error::Error for NumberError {}

impl KeyPart for Number {
    fn key_size(&self) -> usize {
        key::NUMBER_SIZE
    }

    fn write_part(&self, text: &mut PartText) {
        // Its text is in the grammar.
        if let Some(number) = self.decimal() {
            text.decimal(number.negative, number.magnitude, &number.digits_text());
        }
    }

    fn read_part(part: &str) -> Option<Self> {
        key::decimal(part)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use proptest::prelude::*;

    use super::*;
    use crate::codec::tests::{decode, encode};

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn its_text_is_kept_and_its_value_is_compared() {
        let hasher = RandomState::new();
        for (left, right) in [("1.50", "15E-1"), ("-100", "-1e2"), ("0", "-0.00"), ("7", "7.0")] {
            let (left, right) = (number(left), number(right));
            assert_eq!(left, right);
            assert_eq!(left.cmp(&right), Ordering::Equal);
            assert_eq!(hasher.hash_one(&left), hasher.hash_one(&right));
        }
        assert_eq!(encode(&number("1.50")), r#"{"N":"1.50"}"#);
        assert_eq!(decode::<Number>(r#"{"N":"15E-1"}"#).unwrap().as_str(), "15E-1");
        assert_eq!(encode(&number("-0E9")), r#"{"N":"0"}"#);
    }

    #[test]
    fn its_order_is_that_of_the_numbers() {
        let texts = [
            "-9.9E125", "-101", "-100", "-99.5", "-1", "-0.12", "-0.1", "-1E-130", "0", "1E-130",
            "0.1", "0.12", "1", "99.5", "100", "101", "9.9E125",
        ];
        for (left_index, left) in texts.iter().enumerate() {
            for (right_index, right) in texts.iter().enumerate() {
                let order = number(left).cmp(&number(right));
                assert_eq!(order, left_index.cmp(&right_index), "{left} {right}");
            }
        }
    }

    #[test]
    fn what_dynamodb_cannot_hold_is_no_number() {
        let digits = "1".repeat(38);
        for text in [digits.as_str(), &format!("-0.{digits}"), "1E-130", "9.99E125", "0E999"] {
            assert!(text.parse::<Number>().is_ok(), "{text}");
        }
        for text in [format!("{digits}2").as_str(), "1E126", "-1E126", "9E-131"] {
            assert!(text.parse::<Number>().unwrap_err().is_out_of_range(), "{text}");
            assert!(decode::<Number>(&format!(r#"{{"N":"{text}"}}"#)).is_err(), "{text}");
        }
        for text in ["", "x", "01", "+1", "1.", "NaN", "Infinity", " 1", "0x1"] {
            assert!(!text.parse::<Number>().unwrap_err().is_out_of_range(), "{text}");
        }
        assert!(Number::try_from(f64::NAN).is_err());
        assert!(Number::try_from(f64::INFINITY).is_err());
        assert!(Number::try_from(u128::MAX).is_err());
        assert_eq!(Number::try_from(-0.0_f64), Ok(Number::default()));
    }

    #[test]
    fn to_integers() {
        assert_eq!(u8::try_from(&number("2.55E2")), Ok(255));
        assert_eq!(i8::try_from(&number("-128")), Ok(-128));
        assert!(u8::try_from(&number("256")).is_err());
        assert!(u8::try_from(&number("-1")).is_err());
        assert!(i64::try_from(&number("0.5")).is_err());
        assert!(u128::try_from(&number("1E125")).is_err());
    }

    proptest! {
        #[test]
        fn integers_and_back(signed: i64, unsigned: u64) {
            prop_assert_eq!(i64::try_from(&Number::from(signed)), Ok(signed));
            prop_assert_eq!(u64::try_from(&Number::from(unsigned)), Ok(unsigned));
            prop_assert_eq!(Number::from(signed).cmp(&Number::from(0_u8)), signed.cmp(&0));
        }

        #[test]
        fn floats_and_back(float in prop::num::f64::NORMAL) {
            match Number::try_from(float) {
                Ok(number) => prop_assert_eq!(number.to_f64().to_bits(), float.to_bits()),
                Err(_) => prop_assert!(!(1e-130..1e126).contains(&float.abs())),
            }
        }

        #[test]
        fn the_order_of_floats(left in -1e30_f64..1e30, right in -1e30_f64..1e30) {
            let order = Number::try_from(left).unwrap().cmp(&Number::try_from(right).unwrap());
            prop_assert_eq!(Some(order), left.partial_cmp(&right));
        }
    }
}
