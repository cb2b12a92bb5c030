//! The records of a stream, around the items.

use std::borrow::Cow;
use std::time::Duration;

use super::DecodeItem;
use super::error::{DecodeError, Problem};
use super::reader::{Reader, read};
use super::response::read_located;
use crate::value::Timestamp;

/// A record with its images as they came.
pub(crate) struct Record<'de> {
    pub(crate) event: Event,
    pub(crate) sequence_number: Cow<'de, str>,
    pub(crate) written_at: Option<Timestamp>,
    pub(crate) new_image: Option<&'de [u8]>,
    pub(crate) old_image: Option<&'de [u8]>,
    /// Whether it is the work of the service's time to live.
    pub(crate) is_expiry: bool,
}

/// What happened to the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Insert,
    Modify,
    Remove,
}

/// The records of a `GetRecords` answer or of a Lambda event.
pub(crate) fn records(json: &[u8]) -> Result<Vec<Record<'_>>, DecodeError> {
    read_located(json, |reader| {
        let mut records = None;
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            match name.as_bytes() {
                b"Records" => members.fill(&mut records, read_all)?,
                _ => members.skip(name)?,
            }
        }
        records.ok_or_else(|| members.missing("Records"))
    })
}

/// The item of an image.
pub(crate) fn image<'de, E: DecodeItem<'de>>(
    json: &'de [u8],
    member: &'static str,
) -> Result<E, DecodeError> {
    read(json, E::decode_item).map_err(|error| error.locate_in_item(json).within(member))
}

fn read_all<'de>(reader: &mut Reader<'de>) -> Result<Vec<Record<'de>>, DecodeError> {
    let mut records = Vec::new();
    reader.array(|reader| {
        records.push(record(reader)?);
        Ok(())
    })?;
    Ok(records)
}

fn record<'de>(reader: &mut Reader<'de>) -> Result<Record<'de>, DecodeError> {
    let (mut event, mut identity, mut change) = (None, None, None);
    let mut members = reader.object()?;
    while let Some(name) = members.next_name()? {
        match name.as_bytes() {
            b"eventName" => members.fill(&mut event, read_event)?,
            b"userIdentity" => members.fill(&mut identity, is_of_the_service)?,
            b"dynamodb" => members.fill(&mut change, Change::read)?,
            _ => members.skip(name)?,
        }
    }
    let Change { sequence_number, written_at, new_image, old_image } =
        change.ok_or_else(|| members.missing("dynamodb"))?;
    let event = event.ok_or_else(|| members.missing("eventName"))?;
    let is_expiry = identity == Some(true);
    Ok(Record { event, sequence_number, written_at, new_image, old_image, is_expiry })
}

fn read_event(reader: &mut Reader<'_>) -> Result<Event, DecodeError> {
    let start = reader.position();
    match &*reader.json_string()? {
        "INSERT" => Ok(Event::Insert),
        "MODIFY" => Ok(Event::Modify),
        "REMOVE" => Ok(Event::Remove),
        _ => Err(DecodeError::refused(start, "expected `INSERT`, `MODIFY` or `REMOVE`")),
    }
}

/// Whether the change is the work of the service's time to live.
///
/// Lambda spells the members with a small letter, and gives null for no identity. Source:
/// [DynamoDB Streams and Time to Live](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html).
fn is_of_the_service(reader: &mut Reader<'_>) -> Result<bool, DecodeError> {
    if is_null(reader) {
        return reader.skip_value().map(|()| false);
    }
    let (mut kind, mut principal) = (None, None);
    let mut members = reader.object()?;
    while let Some(name) = members.next_name()? {
        match name.as_bytes() {
            b"type" | b"Type" => members.fill(&mut kind, Reader::json_string)?,
            b"principalId" | b"PrincipalId" => {
                members.fill(&mut principal, Reader::json_string)?;
            }
            _ => members.skip(name)?,
        }
    }
    Ok(kind.as_deref() == Some("Service") && principal.as_deref() == Some("dynamodb.amazonaws.com"))
}

/// The member `dynamodb` of a record.
struct Change<'de> {
    sequence_number: Cow<'de, str>,
    written_at: Option<Timestamp>,
    new_image: Option<&'de [u8]>,
    old_image: Option<&'de [u8]>,
}

impl<'de> Change<'de> {
    fn read(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        let (mut sequence_number, mut written_at) = (None, None);
        let (mut new_image, mut old_image) = (None, None);
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            match name.as_bytes() {
                b"SequenceNumber" => members.fill(&mut sequence_number, Reader::json_string)?,
                b"ApproximateCreationDateTime" => members.fill(&mut written_at, seconds)?,
                b"NewImage" => members.fill(&mut new_image, raw_image)?,
                b"OldImage" => members.fill(&mut old_image, raw_image)?,
                _ => members.skip(name)?,
            }
        }
        Ok(Self {
            sequence_number: sequence_number.ok_or_else(|| members.missing("SequenceNumber"))?,
            written_at: written_at.flatten(),
            new_image: new_image.flatten(),
            old_image: old_image.flatten(),
        })
    }
}

/// The item, or nothing for null.
fn raw_image<'de>(reader: &mut Reader<'de>) -> Result<Option<&'de [u8]>, DecodeError> {
    if is_null(reader) {
        return reader.skip_value().map(|()| None);
    }
    if reader.peek() != Some(b'{') {
        return Err(reader.error(Problem::Expected("an item")));
    }
    reader.raw_value().map(Some)
}

/// A time in seconds since the epoch, which may have a fraction and an exponent.
fn seconds(reader: &mut Reader<'_>) -> Result<Option<Timestamp>, DecodeError> {
    let start = reader.position();
    let text = reader.raw_value()?;
    if text == b"null" {
        return Ok(None);
    }
    let seconds = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
    let since_the_epoch = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    match since_the_epoch.and_then(|since| Timestamp::EPOCH.checked_add(since)) {
        Some(time) => Ok(Some(time)),
        None => Err(DecodeError::refused(start, "expected a time in seconds since the epoch")),
    }
}

fn is_null(reader: &mut Reader<'_>) -> bool {
    reader.peek() == Some(b'n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removal(members: &str, change: &str) -> String {
        let change = format!(r#"{{"SequenceNumber":"1"{change}}}"#);
        format!(r#"{{"Records":[{{"eventName":"REMOVE","dynamodb":{change}{members}}}]}}"#)
    }

    #[test]
    fn only_the_service_itself_expires_an_item() {
        for (identity, is_expiry) in [
            (r#"{"type":"Service","principalId":"dynamodb.amazonaws.com"}"#, true),
            (r#"{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service","x":{}}"#, true),
            (r#"{"type":"AssumedRole","principalId":"dynamodb.amazonaws.com"}"#, false),
            (r#"{"type":"Service","principalId":"replication.amazonaws.com"}"#, false),
            (r#"{"type":"Service"}"#, false),
            (r#"{"principalId":"dynamodb.amazonaws.com"}"#, false),
            ("{}", false),
            ("null", false),
        ] {
            let json = removal(&format!(r#","userIdentity":{identity}"#), "");
            assert_eq!(records(json.as_bytes()).unwrap()[0].is_expiry, is_expiry, "{identity}");
        }
        assert!(!records(removal("", "").as_bytes()).unwrap()[0].is_expiry);
    }

    #[test]
    fn a_time_is_in_seconds_or_unknown() {
        let written_at = |time: &str| {
            let json = removal("", &format!(r#","ApproximateCreationDateTime":{time}"#));
            records(json.as_bytes()).map(|records| records[0].written_at)
        };
        let seconds = |seconds| Timestamp::from_epoch_seconds(seconds).ok();
        assert_eq!(written_at("1.8E9"), Ok(seconds(1_800_000_000)));
        assert_eq!(written_at("1800000000"), Ok(seconds(1_800_000_000)));
        assert_eq!(written_at("0.5"), Ok(Timestamp::from_epoch_micros(500_000).ok()));
        assert_eq!(written_at("null"), Ok(None));
        for time in ["-1", "1e30", "true", "\"1\"", "{}", "nul"] {
            assert!(written_at(time).is_err(), "{time}");
        }
    }
}
