//! What a description says of a table's keys and indexes.

use super::super::error::{DecodeError, Problem};
use super::super::reader::Reader;
use super::{raw_elements, raw_member, read_member};

/// A table, as `DescribeTable` shows it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TableDescription {
    pub(crate) keys: Vec<DescribedKey>,
    /// By their names.
    pub(crate) indexes: Vec<(String, Vec<DescribedKey>)>,
}

/// A key attribute of a table or an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DescribedKey {
    pub(crate) name: String,
    /// `S`, `N` or `B`; empty where the description does not say.
    pub(crate) code: String,
    pub(crate) is_partition_key: bool,
}

pub(crate) fn table_description(body: &[u8]) -> Result<TableDescription, DecodeError> {
    let table = raw_member(body, "Table")?.ok_or_else(|| missing("Table"))?;
    let mut codes = Vec::new();
    for definition in elements(table, "AttributeDefinitions")? {
        codes.push((text(definition, "AttributeName")?, text(definition, "AttributeType")?));
    }
    let mut indexes = Vec::new();
    for member in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        for index in elements(table, member)? {
            indexes.push((text(index, "IndexName")?, keys(index, &codes)?));
        }
    }
    Ok(TableDescription { keys: keys(table, &codes)?, indexes })
}

fn keys(of: &[u8], codes: &[(String, String)]) -> Result<Vec<DescribedKey>, DecodeError> {
    let keys = elements(of, "KeySchema")?.into_iter().map(|key| {
        let name = text(key, "AttributeName")?;
        let code = codes.iter().find(|(attribute, _)| *attribute == name);
        let code = code.map(|(_, code)| code.clone()).unwrap_or_default();
        Ok(DescribedKey { name, code, is_partition_key: text(key, "KeyType")? == "HASH" })
    });
    keys.collect()
}

/// The elements of an array, which is empty where it is absent or null.
fn elements<'j>(json: &'j [u8], member: &str) -> Result<Vec<&'j [u8]>, DecodeError> {
    match raw_member(json, member)? {
        None | Some(b"null") => Ok(Vec::new()),
        Some(array) => raw_elements(array),
    }
}

fn text(json: &[u8], member: &'static str) -> Result<String, DecodeError> {
    let text = read_member(json, member, Reader::json_string)?;
    Ok(text.ok_or_else(|| missing(member))?.to_string())
}

fn missing(member: &'static str) -> DecodeError {
    DecodeError::new(0, Problem::Missing(member))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, code: &str, is_partition_key: bool) -> DescribedKey {
        DescribedKey { name: name.to_owned(), code: code.to_owned(), is_partition_key }
    }

    #[test]
    fn keys_and_indexes_are_read_with_their_types() {
        let body = br#"{"Table":{"TableName":"t","AttributeDefinitions":[
            {"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"N"}],
            "KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],
            "GlobalSecondaryIndexes":[{"IndexName":"i","KeySchema":[{"AttributeName":"b","KeyType":"HASH"}]}],
            "LocalSecondaryIndexes":null}}"#;
        let description = table_description(body).unwrap();
        assert_eq!(description.keys, [key("a", "S", true), key("b", "N", false)]);
        assert_eq!(description.indexes, [("i".to_owned(), vec![key("b", "N", true)])]);
    }

    #[test]
    fn what_is_no_description_is_an_error() {
        for body in ["", "{}", r#"{"Table":{"KeySchema":[{}]}}"#, r#"{"Table":{"KeySchema":7}}"#] {
            assert!(table_description(body.as_bytes()).is_err(), "{body}");
        }
    }
}
