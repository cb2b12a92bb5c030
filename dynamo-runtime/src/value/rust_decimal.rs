//! Feature `rust-decimal-1`: `rust_decimal::Decimal`.

use rust_decimal::Decimal;

use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer, number};
use crate::key::{KeyPart, NUMBER_SIZE, PartText};
use crate::value::Number;

/// Exactly; DynamoDB itself leaves out the zeros at the end of a fraction.
impl Encode for Decimal {
    fn encode(&self, writer: &mut Writer) {
        writer.decimal(&self.to_string());
    }

    crate::codec::impls::own!();
}

/// Exactly: a number with more digits than a `Decimal` has is refused, and never rounded.
impl Decode<'_> for Decimal {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.position();
        let text = reader.decimal()?;
        number::Decimal::parse(&text)
            .and_then(|number| exact(number.scaled()?))
            .ok_or_else(|| DecodeError::refused(start, "the number does not fit a `Decimal`"))
    }
}

/// The number `coefficient × 10^exponent`.
fn exact((coefficient, exponent): (i128, i64)) -> Option<Decimal> {
    let (coefficient, scale) = match u32::try_from(exponent) {
        Ok(zeros) => (coefficient.checked_mul(10_i128.checked_pow(zeros)?)?, 0),
        Err(_) => (coefficient, u32::try_from(-exponent).ok()?),
    };
    Decimal::try_from_i128_with_scale(coefficient, scale).ok()
}

stored_as!(Number, "decimal": Decimal);
elements_of!(NumberSet: Decimal);

impl KeyPart for Decimal {
    fn key_size(&self) -> usize {
        NUMBER_SIZE
    }

    fn write_part(&self, text: &mut PartText) {
        match self.to_string().parse::<Number>() {
            Ok(number) => number.write_part(text),
            Err(error) => text.refuse(error.reason()),
        }
    }

    fn read_part(part: &str) -> Option<Self> {
        let number = Number::read_part(part)?;
        exact(number::Decimal::parse(number.as_str())?.scaled()?)
    }
}
