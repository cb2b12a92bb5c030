//! The responses to a batch.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::error::DecodeError;
use super::super::reader::Reader;
use super::asked::beside;
use super::expected::Expected;
use super::{member, read_located};

/// JSON as it came, of each table.
pub(crate) type ByTable<'de> = BTreeMap<Cow<'de, str>, Vec<&'de [u8]>>;

/// The response to a batch get.
#[derive(Debug, PartialEq)]
pub(crate) struct BatchGot<'de> {
    pub(crate) items: ByTable<'de>,
    /// The keys that are left.
    pub(crate) unprocessed: ByTable<'de>,
}

pub(crate) fn batch_got<'de>(
    body: &'de [u8],
    expected: Expected<'_>,
) -> Result<BatchGot<'de>, DecodeError> {
    read_located(body, |reader| {
        let (mut items, mut unprocessed) = (None, None);
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            match name.as_bytes() {
                b"Responses" => {
                    members.fill(&mut items, |reader| by_table(reader, elements))?;
                }
                b"UnprocessedKeys" => {
                    members.fill(&mut unprocessed, |reader| by_table(reader, keys))?;
                }
                _ => beside(&mut members, name, |table| expected.has_table(table))?,
            }
        }
        // DynamoDB sends both, the empty ones too.
        let items = items.ok_or_else(|| members.missing("Responses"))?;
        let unprocessed = unprocessed.ok_or_else(|| members.missing("UnprocessedKeys"))?;
        Ok(BatchGot { items, unprocessed })
    })
}

/// The items and keys of the unprocessed writes in the response to a batch write.
pub(crate) fn batch_unwritten(body: &[u8]) -> Result<ByTable<'_>, DecodeError> {
    read_located(body, |reader| {
        let mut unprocessed = None;
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            if name == "UnprocessedItems" {
                members.fill(&mut unprocessed, |reader| by_table(reader, writes))?;
            } else {
                members.skip(name)?;
            }
        }
        unprocessed.ok_or_else(|| members.missing("UnprocessedItems"))
    })
}

/// The keys or the writes that a batch asks for.
#[cfg(feature = "local")]
pub(crate) fn batch_requested(body: &[u8]) -> Result<ByTable<'_>, DecodeError> {
    let requested = read_located(body, |reader| {
        member(reader, "RequestItems", |reader| {
            by_table(reader, |reader| match reader.peek() {
                Some(b'[') => elements(reader),
                _ => keys(reader),
            })
        })
    })?;
    requested.ok_or_else(|| DecodeError::refused(0, "`RequestItems` is missing"))
}

fn by_table<'de>(
    reader: &mut Reader<'de>,
    read: fn(&mut Reader<'de>) -> Result<Vec<&'de [u8]>, DecodeError>,
) -> Result<ByTable<'de>, DecodeError> {
    let mut tables = ByTable::new();
    let mut members = reader.object()?;
    while let Some(table) = members.next_name()? {
        let mut elements = None;
        members.fill(&mut elements, read)?;
        if tables.insert(table, elements.unwrap_or_default()).is_some() {
            return Err(members.duplicate());
        }
    }
    Ok(tables)
}

fn elements<'de>(reader: &mut Reader<'de>) -> Result<Vec<&'de [u8]>, DecodeError> {
    let mut elements = Vec::new();
    reader.array(|reader| {
        elements.push(reader.raw_value()?);
        Ok(())
    })?;
    Ok(elements)
}

/// The keys in `{"Keys": [..], ..}`.
fn keys<'de>(reader: &mut Reader<'de>) -> Result<Vec<&'de [u8]>, DecodeError> {
    let keys = member(reader, "Keys", elements)?;
    keys.ok_or_else(|| DecodeError::refused(reader.position(), "`Keys` is missing"))
}

/// What is written by each `{"PutRequest": {"Item": ..}}` or `{"DeleteRequest": {"Key": ..}}`.
fn writes<'de>(reader: &mut Reader<'de>) -> Result<Vec<&'de [u8]>, DecodeError> {
    let mut writes = Vec::new();
    reader.array(|reader| {
        let mut write = None;
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            let part = match name.as_bytes() {
                b"PutRequest" => "Item",
                b"DeleteRequest" => "Key",
                _ => {
                    members.skip(name)?;
                    continue;
                }
            };
            members.fill(&mut write, |reader| member(reader, part, Reader::raw_value))?;
        }
        writes.push(write.flatten().ok_or_else(|| members.missing("PutRequest"))?);
        Ok(())
    })?;
    Ok(writes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables<'a>(expected: &[(&'a str, &[&'a str])]) -> ByTable<'a> {
        expected
            .iter()
            .map(|(table, elements)| {
                let elements = elements.iter().map(|element| element.as_bytes()).collect();
                (Cow::Borrowed(*table), elements)
            })
            .collect()
    }

    #[test]
    fn items_and_what_is_left() {
        let body = br#"{"ConsumedCapacity":[{}],"Responses":{"a":[{"x":{"S":"1"}}],"b":[]},
            "UnprocessedKeys":{"a":{"ConsistentRead":true,"Keys":[{"x":{"S":"2"}}]}}}"#;
        let got = batch_got(body, Expected::ANY).unwrap();
        assert_eq!(got.items, tables(&[("a", &[r#"{"x":{"S":"1"}}"#]), ("b", &[])]));
        assert_eq!(got.unprocessed, tables(&[("a", &[r#"{"x":{"S":"2"}}"#])]));
    }

    #[test]
    fn writes_that_are_left() {
        let body = br#"{"ConsumedCapacity":[{}],"UnprocessedItems":{"a":[
            {"New":[],"PutRequest":{"Item":{"x":{"S":"1"}}}},
            {"DeleteRequest":{"Key":{"x":{"S":"2"}}}}]},"ItemCollectionMetrics":{}}"#;
        let left = tables(&[("a", &[r#"{"x":{"S":"1"}}"#, r#"{"x":{"S":"2"}}"#])]);
        assert_eq!(batch_unwritten(body), Ok(left));
        assert_eq!(batch_unwritten(br#"{"UnprocessedItems":{}}"#), Ok(ByTable::new()));
    }

    #[test]
    fn a_response_without_the_unprocessed_items_is_an_error() {
        for body in [
            "{}",
            r#"{"Responses":{}}"#,
            r#"{"UnprocessedKeys":{}}"#,
            r#"{"Responses":{},"UnprocessedKeys":{"a":{}}}"#,
            r#"{"Responses":{},"UnprocessedKeys":{"a":[]}}"#,
            r#"{"Responses":{"a":[],"a":[]},"UnprocessedKeys":{}}"#,
            r#"{"Responses":null,"UnprocessedKeys":{}}"#,
        ] {
            assert!(batch_got(body.as_bytes(), Expected::ANY).is_err(), "{body}");
        }
        for body in [
            "{}",
            r#"{"UnprocessedItems":null}"#,
            r#"{"UnprocessedItems":{"a":[{}]}}"#,
            r#"{"UnprocessedItems":{"a":[{"PutRequest":{}}]}}"#,
            r#"{"UnprocessedItems":{"a":[{"PutRequest":{"Item":{}},"DeleteRequest":{"Key":{}}}]}}"#,
        ] {
            assert!(batch_unwritten(body.as_bytes()).is_err(), "{body}");
        }
    }
}
