//! The description of a table in a response.

use std::borrow::Cow;

use super::super::error::{DecodeError, Problem};
use super::super::reader::Reader;
use super::{member, read_member};

/// Whether the response to a `DescribeTable` says that the table and its global indexes can be used.
pub(crate) fn table_is_active(body: &[u8]) -> Result<bool, DecodeError> {
    let is_active = read_member(body, "Table", |table| {
        let (mut status, mut indexes) = (None, None);
        let mut members = table.object()?;
        while let Some(name) = members.next_name()? {
            match name.as_bytes() {
                b"TableStatus" => members.fill(&mut status, Reader::json_string)?,
                b"GlobalSecondaryIndexes" => members.fill(&mut indexes, indexes_are_active)?,
                _ => members.skip(name)?,
            }
        }
        let status = status.ok_or_else(|| members.missing("TableStatus"))?;
        Ok(status == "ACTIVE" && indexes.unwrap_or(true))
    })?;
    is_active.ok_or_else(|| DecodeError::new(0, Problem::Missing("Table")))
}

fn indexes_are_active(indexes: &mut Reader<'_>) -> Result<bool, DecodeError> {
    let mut are_active = true;
    indexes.array(|index| {
        let status = member(index, "IndexStatus", Reader::json_string)?;
        are_active &= status.is_some_and(|status| status == "ACTIVE");
        Ok(())
    })?;
    Ok(are_active)
}

/// By which attribute the response to a `DescribeTimeToLive` says that items expire, or will when it
/// has been turned on; `None` where it is off.
pub(crate) fn time_to_live_attribute(body: &[u8]) -> Result<Option<Cow<'_, str>>, DecodeError> {
    let attribute = read_member(body, "TimeToLiveDescription", |description| {
        let (mut status, mut attribute) = (None, None);
        let mut members = description.object()?;
        while let Some(name) = members.next_name()? {
            match name.as_bytes() {
                b"TimeToLiveStatus" => members.fill(&mut status, Reader::json_string)?,
                b"AttributeName" => members.fill(&mut attribute, Reader::json_string)?,
                _ => members.skip(name)?,
            }
        }
        let status = status.ok_or_else(|| members.missing("TimeToLiveStatus"))?;
        let is_on = status == "ENABLED" || status == "ENABLING";
        Ok(attribute.filter(|_| is_on))
    })?;
    attribute.ok_or_else(|| DecodeError::new(0, Problem::Missing("TimeToLiveDescription")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_active_when_it_and_its_indexes_are() {
        let active = |body: &str| table_is_active(body.as_bytes());
        let with_indexes = |first: &str, second: &str| {
            active(&format!(
                r#"{{"Table":{{"GlobalSecondaryIndexes":[{{"IndexName":"a","IndexStatus":"{first}"}},{{"IndexStatus":"{second}"}}],"TableStatus":"ACTIVE"}}}}"#
            ))
        };
        assert_eq!(active(r#"{"Table":{"X":[{}],"TableStatus":"ACTIVE"}}"#), Ok(true));
        assert_eq!(active(r#"{"Table":{"TableStatus":"CREATING"}}"#), Ok(false));
        assert_eq!(with_indexes("ACTIVE", "ACTIVE"), Ok(true));
        assert_eq!(with_indexes("CREATING", "ACTIVE"), Ok(false));
        assert_eq!(with_indexes("ACTIVE", "CREATING"), Ok(false));
        assert!(active(r#"{"Table":{}}"#).is_err());
        assert!(active("{}").is_err());
    }

    #[test]
    fn the_attribute_of_expiry_is_told_when_it_is_on() {
        let attribute = |description: &str| {
            let body = format!(r#"{{"TimeToLiveDescription":{description}}}"#);
            time_to_live_attribute(body.as_bytes()).map(|name| name.map(Cow::into_owned))
        };
        let on = Ok(Some("at".to_owned()));
        assert_eq!(attribute(r#"{"AttributeName":"at","TimeToLiveStatus":"ENABLED"}"#), on);
        assert_eq!(attribute(r#"{"AttributeName":"at","TimeToLiveStatus":"ENABLING"}"#), on);
        assert_eq!(attribute(r#"{"AttributeName":"at","TimeToLiveStatus":"DISABLING"}"#), Ok(None));
        assert_eq!(attribute(r#"{"TimeToLiveStatus":"DISABLED"}"#), Ok(None));
        assert!(attribute("{}").is_err());
        assert!(time_to_live_attribute(b"{}").is_err());
    }
}
