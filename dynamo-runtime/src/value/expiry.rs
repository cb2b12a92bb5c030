//! When an item has expired.

use std::cmp::Ordering;

use super::Timestamp;
use crate::codec::number::Decimal;
use crate::codec::{DecodeError, Reader, member, read, read_located};

/// How far back a time of expiry may lie, in seconds: DynamoDB leaves older ones alone, so such an
/// item is there for good.
///
/// Source: [Using time to live](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html).
/// It says "five years" and no number; the shortest that five years could mean hides no item which
/// is never deleted.
const FIVE_YEARS: i64 = 5 * 365 * 86_400;

/// The times of expiry that have passed: whole seconds, both bounds included.
///
/// An item has expired if its attribute of expiry is a number within these bounds. What is absent,
/// no number, older or still to come never hides an item. The condition on it is made of the same
/// two bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExpiredTimes {
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
}

impl ExpiredTimes {
    pub(crate) fn at(now: Timestamp) -> Self {
        let seconds = |seconds| Timestamp::from_epoch_seconds(seconds).unwrap_or(Timestamp::MIN);
        let now = now.epoch_seconds();
        Self { first: seconds(now.saturating_sub(FIVE_YEARS)), last: seconds(now) }
    }

    /// Whether the item has expired by this attribute, whatever else is in it.
    pub(crate) fn has_item(self, item: &[u8], attribute: &str) -> Result<bool, DecodeError> {
        let has_expired = read(item, |item| self.has(item, attribute));
        has_expired.map_err(|error| error.locate_in_item(item))
    }

    /// The same of the item that is the member of a response, if there is one.
    pub(crate) fn has_item_of(
        self,
        body: &[u8],
        member_name: &str,
        attribute: &str,
    ) -> Result<bool, DecodeError> {
        let has_expired =
            read_located(body, |body| member(body, member_name, |item| self.has(item, attribute)));
        Ok(has_expired?.unwrap_or(false))
    }

    fn has(self, item: &mut Reader<'_>, attribute: &str) -> Result<bool, DecodeError> {
        let value = member(item, attribute, Reader::raw_value)?;
        Ok(value.is_some_and(|value| self.contains(value)))
    }

    fn contains(self, value: &[u8]) -> bool {
        let (first, last) = (self.first.epoch_seconds(), self.last.epoch_seconds());
        if let Ok(seconds) = read(value, Reader::integer::<i64>) {
            return (first..=last).contains(&seconds);
        }
        // A fraction, or no number at all.
        let Ok(text) = read(value, Reader::decimal) else { return false };
        let order = |seconds: i64| -> Option<Ordering> {
            Some(Decimal::parse(&text)?.cmp(&Decimal::parse(&seconds.to_string())?))
        };
        order(first).is_some_and(Ordering::is_ge) && order(last).is_some_and(Ordering::is_le)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn has_expired(value: &str) -> bool {
        let now = Timestamp::from_epoch_seconds(NOW).unwrap() + std::time::Duration::from_millis(9);
        let item = format!(r#"{{"id":{{"S":"1"}},"until":{value}}}"#);
        let body = format!(r#"{{"Item":{item}}}"#);
        let passed = ExpiredTimes::at(now);
        let by_itself = passed.has_item(item.as_bytes(), "until").unwrap();
        assert_eq!(passed.has_item_of(body.as_bytes(), "Item", "until"), Ok(by_itself));
        by_itself
    }

    #[test]
    fn an_item_expires_by_a_number_that_passed_in_the_last_five_years() {
        let number = |number: &str| has_expired(&format!(r#"{{"N":"{number}"}}"#));
        let years = 5 * 365 * 24 * 60 * 60;
        for passed in [NOW, NOW - 1, NOW - years + 1, NOW - years] {
            assert!(number(&passed.to_string()), "{passed}");
        }
        for never in [NOW + 1, NOW - years - 1, 0, -1, -62_135_596_800, 253_402_300_800, NOW * 1000]
        {
            assert!(!number(&never.to_string()), "{never}");
        }
        assert!(number("18E8") && number("1799999999.999") && number("1642320000.000001"));
        assert!(!number("18E9") && !number("1800000000.000000001") && !number("1642319999.9"));
        assert!(!number("99999999999999999999999999999999999999"));
    }

    #[test]
    fn nothing_else_expires() {
        for value in [
            r#"{"NULL":true}"#,
            r#"{"S":"1800000000"}"#,
            r#"{"BOOL":true}"#,
            r#"{"L":[{"N":"1800000000"}]}"#,
            r#"{"NS":["1800000000"]}"#,
            r#"{"B":"AA=="}"#,
            r#"{"M":{}}"#,
        ] {
            assert!(!has_expired(value), "{value}");
        }
        let passed = ExpiredTimes::at(Timestamp::now());
        assert_eq!(passed.has_item(b"{}", "until"), Ok(false));
        assert_eq!(passed.has_item_of(b"{}", "Item", "until"), Ok(false));
    }

    #[test]
    fn what_is_no_json_has_its_place() {
        let passed = ExpiredTimes::at(Timestamp::now());
        let error = passed.has_item(br#"{"until":{"N":}}"#, "until").unwrap_err();
        assert_eq!(error.path(), Some("until"));
        let error = passed.has_item_of(br#"{"Item":{"until":{"N":}}}"#, "Item", "until");
        assert_eq!(error.unwrap_err().path(), Some("Item.until"));
    }

    #[test]
    fn the_bounds_stay_within_the_years_that_a_time_has() {
        let passed = ExpiredTimes::at(Timestamp::MIN);
        assert_eq!((passed.first, passed.last), (Timestamp::MIN, Timestamp::MIN));
    }
}
