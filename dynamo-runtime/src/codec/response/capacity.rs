//! What a request consumed.

use super::super::error::{DecodeError, Problem};
use super::super::reader::Reader;
use super::{member, read_member};

/// The capacity units that a request consumed, over all its tables and indexes.
pub(crate) fn consumed_capacity(body: &[u8]) -> Result<Option<f64>, DecodeError> {
    read_member(body, "ConsumedCapacity", |reader| {
        if reader.peek() != Some(b'[') {
            return units(reader);
        }
        let mut sum = 0.0;
        reader.array(|reader| {
            sum += units(reader)?;
            Ok(())
        })?;
        Ok(sum)
    })
}

fn units(reader: &mut Reader<'_>) -> Result<f64, DecodeError> {
    let start = reader.position();
    let units = member(reader, "CapacityUnits", json_number)?.unwrap_or_default();
    if units.is_finite() && units >= 0.0 {
        Ok(units)
    } else {
        Err(DecodeError::refused(start, "the consumed capacity is out of range"))
    }
}

pub(super) fn json_number(reader: &mut Reader<'_>) -> Result<f64, DecodeError> {
    let start = reader.position();
    let text = reader.raw_value()?;
    let number = str::from_utf8(text).ok().and_then(|text| text.parse().ok());
    number.ok_or_else(|| DecodeError::new(start, Problem::NotANumber))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_table_or_several() {
        let one = br#"{"ConsumedCapacity":{"TableName":"t","CapacityUnits":0.5,"Table":{}}}"#;
        assert_eq!(consumed_capacity(one), Ok(Some(0.5)));
        let many = br#"{"ConsumedCapacity":[{"CapacityUnits":2},{"CapacityUnits":0.5},{}]}"#;
        assert_eq!(consumed_capacity(many), Ok(Some(2.5)));
        assert_eq!(consumed_capacity(b"{}"), Ok(None));
    }

    #[test]
    fn what_is_no_number_of_units_is_an_error() {
        for units in ["-1", "\"1\"", "1e999", "null", "{}"] {
            let body = format!(r#"{{"ConsumedCapacity":{{"CapacityUnits":{units}}}}}"#);
            assert!(consumed_capacity(body.as_bytes()).is_err(), "{body}");
        }
    }
}
