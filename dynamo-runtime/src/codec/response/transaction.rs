//! The responses to a transaction.

use super::super::error::DecodeError;
use super::super::reader::Reader;
use super::{member, read_located, read_member};

/// The items of a transactional get as they came, in the order of their keys.
pub(crate) fn transaction_items(body: &[u8]) -> Result<Vec<Option<&[u8]>>, DecodeError> {
    read_located(body, |reader| {
        let mut items = Vec::new();
        let found = member(reader, "Responses", |reader| {
            reader.array(|reader| {
                // An absent item is an empty object, or a null by the documentation.
                items.push(if reader.peek() == Some(b'n') {
                    reader.skip_value()?;
                    None
                } else {
                    member(reader, "Item", Reader::raw_value)?
                });
                Ok(())
            })
        })?;
        found.ok_or_else(|| DecodeError::refused(0, "`Responses` is missing"))?;
        Ok(items)
    })
}

/// Why one action of a transaction was not applied.
#[derive(Debug, PartialEq)]
pub(crate) struct ActionReason<'de> {
    /// `None` by name, where this action had no part in it.
    pub(crate) code: String,
    /// The item as it is, where its condition failed.
    pub(crate) item: Option<&'de [u8]>,
}

/// The reasons in the order of the actions.
pub(crate) fn cancellation_reasons(body: &[u8]) -> Result<Vec<ActionReason<'_>>, DecodeError> {
    let reasons = read_member(body, "CancellationReasons", |reader| {
        let mut reasons = Vec::new();
        reader.array(|reader| {
            let (mut code, mut item) = (None, None);
            let mut members = reader.object()?;
            while let Some(name) = members.next_name()? {
                match name.as_bytes() {
                    b"Code" => members.fill(&mut code, Reader::json_string)?,
                    b"Item" => members.fill(&mut item, Reader::raw_value)?,
                    _ => members.skip(name)?,
                }
            }
            let code = code.ok_or_else(|| members.missing("Code"))?.into_owned();
            reasons.push(ActionReason { code, item });
            Ok(())
        })?;
        Ok(reasons)
    })?;
    reasons.ok_or_else(|| DecodeError::refused(0, "`CancellationReasons` is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_in_order_and_absent_ones() {
        let body = br#"{"Responses":[{"Item":{"a":{"S":"x"}}},{},null]}"#;
        let items = transaction_items(body).unwrap();
        assert_eq!(items, [Some(&br#"{"a":{"S":"x"}}"#[..]), None, None]);
        for body in ["{}", r#"{"Responses":{}}"#, r#"{"Responses":[nul]}"#, r#"{"Responses":[1]}"#]
        {
            assert!(transaction_items(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn reasons_in_order() {
        let body = br#"{"__type":"x","CancellationReasons":[{"Code":"None"},
            {"Code":"ConditionalCheckFailed","Item":{"a":{"S":"x"}},"Message":"m"}]}"#;
        let reasons = cancellation_reasons(body).unwrap();
        assert_eq!(reasons[0], ActionReason { code: "None".to_owned(), item: None });
        let item: &[u8] = br#"{"a":{"S":"x"}}"#;
        let failed = ActionReason { code: "ConditionalCheckFailed".to_owned(), item: Some(item) };
        assert_eq!(reasons[1], failed);
        for body in ["{}", r#"{"CancellationReasons":[{}]}"#, r#"{"CancellationReasons":null}"#] {
            assert!(cancellation_reasons(body.as_bytes()).is_err(), "{body}");
        }
    }
}
