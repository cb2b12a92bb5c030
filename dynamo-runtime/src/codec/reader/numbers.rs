//! Reads numbers.

use std::borrow::Cow;

use super::Reader;
use crate::codec::descriptor::Descriptor;
use crate::codec::error::{DecodeError, Problem};
use crate::codec::number::{Decimal, NotWhole, ShortNumber};

impl<'de> Reader<'de> {
    /// Reads a whole number, `N`, exactly: `1E2` and `100.00` are 100.
    ///
    /// # Errors
    /// When the value is no number, has a fraction, or is out of the integer's range.
    #[inline]
    pub fn integer<T>(&mut self) -> Result<T, DecodeError>
    where
        T: TryFrom<i64> + TryFrom<i128> + TryFrom<u128>,
    {
        let start = self.position;
        let number = match self.short_number(ShortNumber::whole) {
            Some(number) => T::try_from(number).ok(),
            None => match self.long_integer()? {
                (false, distance) => T::try_from(distance).ok(),
                (true, distance) => 0_i128
                    .checked_sub_unsigned(distance)
                    .and_then(|number| T::try_from(number).ok()),
            },
        };
        number
            .ok_or_else(|| DecodeError::new(start, Problem::OutOfRange(std::any::type_name::<T>())))
    }

    /// Reads a number in its usual form, or leaves the reader where it is.
    #[inline]
    fn short_number<T>(&mut self, convert: impl FnOnce(ShortNumber) -> Option<T>) -> Option<T> {
        let text = self.rest().strip_prefix(b"{\"N\":\"")?;
        let (number, rest) = ShortNumber::parse_prefix(text)?;
        let rest = rest.strip_prefix(b"\"}")?;
        let number = convert(number)?;
        self.position = self.text.len() - rest.len();
        Some(number)
    }

    #[cold]
    fn long_integer(&mut self) -> Result<(bool, u128), DecodeError> {
        self.number(|number, _| match number.whole() {
            Ok(distance) => Ok((number.negative, distance)),
            Err(NotWhole::Fraction) => Err(Problem::NotWhole),
            Err(NotWhole::OutOfRange) => Err(Problem::OutOfRange("any integer")),
        })
    }

    /// Reads a number, `N`, as the nearest `f64`.
    ///
    /// # Errors
    /// When the value is no number, or is out of range.
    #[inline]
    pub fn float(&mut self) -> Result<f64, DecodeError> {
        match self.short_number(ShortNumber::nearest_f64) {
            Some(number) => Ok(number),
            None => self.number(nearest_f64),
        }
    }

    /// Reads a number, `N`, as the nearest `f32`.
    ///
    /// # Errors
    /// When the value is no number, or is out of range.
    pub fn float32(&mut self) -> Result<f32, DecodeError> {
        self.number(|number, text| {
            let nearest = text.parse().ok().filter(|nearest: &f32| nearest.is_finite());
            nearest
                .filter(|nearest| (*nearest == 0.0) == number.is_zero())
                .ok_or(Problem::OutOfRange("f32"))
        })
    }

    /// Reads a number and its text, which is in the grammar of JSON.
    fn number<T>(
        &mut self,
        convert: impl FnOnce(Decimal<'_>, &str) -> Result<T, Problem>,
    ) -> Result<T, DecodeError> {
        let start = self.position;
        let text = self.quoted(Descriptor::Number, *b"{\"N\":\"")?;
        Decimal::parse(&text)
            .ok_or(Problem::NotANumber)
            .and_then(|number| convert(number, &text))
            .map_err(|problem| DecodeError::new(start, problem))
    }

    /// Reads a number, `N`, as its text, which is in the grammar of JSON.
    ///
    /// # Errors
    /// When the value is no number.
    pub fn decimal(&mut self) -> Result<Cow<'de, str>, DecodeError> {
        let start = self.position;
        let text = self.quoted(Descriptor::Number, *b"{\"N\":\"")?;
        match Decimal::parse(&text) {
            Some(_) => Ok(text),
            None => Err(DecodeError::new(start, Problem::NotANumber)),
        }
    }
}

/// The nearest float of a number with this text.
pub(in crate::codec) fn nearest_f64(number: Decimal<'_>, text: &str) -> Result<f64, Problem> {
    let nearest = text.parse().ok().filter(|nearest: &f64| nearest.is_finite());
    nearest
        .filter(|nearest| (*nearest == 0.0) == number.is_zero())
        .ok_or(Problem::OutOfRange("f64"))
}
