//! The records of a stream, around the items.
//!
//! An event is read so far as its records can be told apart; what is wrong with one of them is an
//! error of that one.

mod lenient;
mod time;

use std::borrow::Cow;

use self::lenient::{RecordMembers, elements, without_nulls};
use self::time::{Precision, time};
use crate::codec::{DecodeError, DecodeItem, Problem, Reader, read, read_located};
use crate::value::Timestamp;

/// A record, or why it cannot be read, with what identifies it as far as it is known.
pub(crate) struct Entry<'de> {
    pub(crate) sequence_number: Option<Cow<'de, str>>,
    pub(crate) event_id: Option<Cow<'de, str>>,
    pub(crate) table_name: Option<Cow<'de, str>>,
    pub(crate) record: Result<RecordContent<'de>, DecodeError>,
}

/// A record with its images as they came.
pub(crate) struct RecordContent<'de> {
    pub(crate) event: Event,
    pub(crate) written_at: Option<Timestamp>,
    pub(crate) view: Option<View>,
    pub(crate) keys: Option<Cow<'de, [u8]>>,
    pub(crate) new_image: Option<Cow<'de, [u8]>>,
    pub(crate) old_image: Option<Cow<'de, [u8]>>,
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

/// What a stream's records have of an item, besides its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    KeysOnly,
    NewImage,
    OldImage,
    Both,
}

/// The records of a response or of an event, whichever it is, or of an array alone.
pub(crate) fn records(json: &[u8]) -> Result<Vec<Entry<'_>>, DecodeError> {
    let (place, records) = read_located(json, |reader| {
        if reader.peek() == Some(b'[') {
            return Ok(("", elements(reader)?));
        }
        let mut records = None;
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            match name.as_bytes() {
                b"Records" => members.fill(&mut records, elements)?,
                _ => members.skip(name)?,
            }
        }
        Ok(("Records", records.ok_or_else(|| members.missing("Records"))?))
    })?;
    let entries = records.into_iter().enumerate().map(|(number, json)| {
        let entry = entry(json);
        let record = entry.record.map_err(|error| error.within(&format!("{place}[{number}]")));
        Entry { record, ..entry }
    });
    Ok(entries.collect())
}

/// The item of an image.
pub(crate) fn image<E: for<'de> DecodeItem<'de>>(
    json: &[u8],
    member: &'static str,
) -> Result<E, DecodeError> {
    read(json, E::decode_item).map_err(|error| error.locate_in_item(json).within(member))
}

/// One record, of DynamoDB Streams or around one of Kinesis Data Streams.
pub(crate) fn entry(json: &[u8]) -> Entry<'_> {
    let parts = match RecordMembers::of(json) {
        Ok(parts) => parts,
        Err(error) => return Entry::unreadable(error),
    };
    // As Lambda has it, and as `GetRecords` of Kinesis responds.
    if let Some(kinesis) = parts.get("kinesis") {
        match RecordMembers::of(kinesis) {
            Ok(kinesis) => carried(&kinesis, ["data", "sequenceNumber"]).within("kinesis"),
            Err(error) => Entry::unreadable(error.within("kinesis")),
        }
    } else if parts.get("Data").is_some() {
        carried(&parts, ["Data", "SequenceNumber"])
    } else {
        of_dynamodb(&parts)
    }
}

/// The record in a record of Kinesis, whose sequence number is the one that a consumer knows.
fn carried<'de>(parts: &RecordMembers<'de>, [data, sequence_number]: [&str; 2]) -> Entry<'de> {
    let sequence_number = text(parts, sequence_number);
    let entry = match parts.read(data, Reader::json_base64) {
        Ok(Some(json)) => entry(&json).within(data).into_owned(),
        Ok(None) => Entry::unreadable(missing("data")),
        Err(error) => Entry::unreadable(error),
    };
    Entry { sequence_number, ..entry }
}

fn of_dynamodb<'de>(parts: &RecordMembers<'de>) -> Entry<'de> {
    let change = parts.get("dynamodb").map(RecordMembers::of);
    let sequence_number = match &change {
        Some(Ok(change)) => text(change, "SequenceNumber"),
        _ => None,
    };
    let record = match change {
        None => Err(missing("dynamodb")),
        Some(change) => change.map_err(|error| error.within("dynamodb")),
    };
    let of_source = || table_of_source(&text(parts, "eventSourceARN")?).map(Cow::Owned);
    Entry {
        sequence_number,
        event_id: text(parts, "eventID"),
        table_name: text(parts, "tableName").or_else(of_source),
        record: record.and_then(|change| RecordContent::read(parts, &change)),
    }
}

fn missing(name: &'static str) -> DecodeError {
    DecodeError::new(0, Problem::Missing(name)).within(name)
}

/// The text of a member, if it has one: what only tells records apart is worth no error.
fn text<'de>(parts: &RecordMembers<'de>, name: &str) -> Option<Cow<'de, str>> {
    parts.read(name, Reader::json_string).ok().flatten()
}

/// `Users`, of `arn:aws:dynamodb:eu-west-1:123456789012:table/Users/stream/2026-11-30T00:00:00.000`.
fn table_of_source(source: &str) -> Option<String> {
    let (_, path) = source.split_once(":table/")?;
    path.split('/').next().map(str::to_owned)
}

impl<'de> RecordContent<'de> {
    fn read(parts: &RecordMembers<'de>, change: &RecordMembers<'de>) -> Result<Self, DecodeError> {
        let event = parts.read("eventName", read_event)?.ok_or_else(|| missing("eventName"))?;
        let is_expiry = parts.read("userIdentity", is_of_the_service)? == Some(true);
        let within = |error: DecodeError| error.within("dynamodb");
        let precision =
            change.read("ApproximateCreationDateTimePrecision", Precision::read).map_err(within)?;
        let written_at = change
            .read("ApproximateCreationDateTime", |reader| time(reader, precision))
            .map_err(within)?;
        let view = change.read("StreamViewType", Reader::json_string).map_err(within)?;
        let item = |name: &str| change.get(name).map(without_nulls);
        Ok(Self {
            event,
            written_at,
            view: view.as_deref().and_then(View::named),
            keys: item("Keys"),
            new_image: item("NewImage"),
            old_image: item("OldImage"),
            is_expiry,
        })
    }
}

impl View {
    fn named(name: &str) -> Option<Self> {
        match name {
            "KEYS_ONLY" => Some(Self::KeysOnly),
            "NEW_IMAGE" => Some(Self::NewImage),
            "OLD_IMAGE" => Some(Self::OldImage),
            "NEW_AND_OLD_IMAGES" => Some(Self::Both),
            _ => None,
        }
    }
}

impl<'de> Entry<'de> {
    fn unreadable(error: DecodeError) -> Self {
        Self { sequence_number: None, event_id: None, table_name: None, record: Err(error) }
    }

    fn within(self, member: &str) -> Self {
        Self { record: self.record.map_err(|error| error.within(member)), ..self }
    }

    fn into_owned<'a>(self) -> Entry<'a> {
        let owned = |text: Option<Cow<'de, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        Entry {
            sequence_number: owned(self.sequence_number),
            event_id: owned(self.event_id),
            table_name: owned(self.table_name),
            record: self.record.map(RecordContent::into_owned),
        }
    }
}

impl<'de> RecordContent<'de> {
    fn into_owned<'a>(self) -> RecordContent<'a> {
        let owned = |item: Option<Cow<'de, [u8]>>| item.map(|item| Cow::Owned(item.into_owned()));
        let Self { event, written_at, view, keys, new_image, old_image, is_expiry } = self;
        let (keys, new_image, old_image) = (owned(keys), owned(new_image), owned(old_image));
        RecordContent { event, written_at, view, keys, new_image, old_image, is_expiry }
    }
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
/// Lambda spells the members with a small letter. Source:
/// [DynamoDB Streams and Time to Live](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html).
fn is_of_the_service(reader: &mut Reader<'_>) -> Result<bool, DecodeError> {
    let (mut kind, mut principal) = (None, None);
    let mut members = reader.object()?;
    while let Some(name) = members.next_name()? {
        match name.as_bytes() {
            b"type" | b"Type" => members.fill(&mut kind, text_or_null)?,
            b"principalId" | b"PrincipalId" => members.fill(&mut principal, text_or_null)?,
            _ => members.skip(name)?,
        }
    }
    let is = |found: Option<Option<Cow<'_, str>>>, name| found.flatten().as_deref() == Some(name);
    Ok(is(kind, "Service") && is(principal, "dynamodb.amazonaws.com"))
}

fn text_or_null<'de>(reader: &mut Reader<'de>) -> Result<Option<Cow<'de, str>>, DecodeError> {
    if reader.peek() == Some(b'n') {
        return reader.skip_value().map(|()| None);
    }
    reader.json_string().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removal(members: &str) -> String {
        let change = r#"{"SequenceNumber":"1"}"#;
        format!(r#"{{"eventName":"REMOVE","dynamodb":{change}{members}}}"#)
    }

    #[test]
    fn only_the_service_itself_expires_an_item() {
        let is_expiry = |json: &str| entry(json.as_bytes()).record.unwrap().is_expiry;
        for (identity, expected) in [
            (r#"{"type":"Service","principalId":"dynamodb.amazonaws.com"}"#, true),
            (r#"{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service","x":{}}"#, true),
            (r#"{"type":"AssumedRole","principalId":"dynamodb.amazonaws.com"}"#, false),
            (r#"{"type":"Service","principalId":"replication.amazonaws.com"}"#, false),
            (r#"{"type":"Service"}"#, false),
            (r#"{"type":"Service","principalId":null}"#, false),
            (r#"{"principalId":"dynamodb.amazonaws.com"}"#, false),
            ("{}", false),
            ("null", false),
        ] {
            let json = removal(&format!(r#","userIdentity":{identity}"#));
            assert_eq!(is_expiry(&json), expected, "{identity}");
        }
        assert!(!is_expiry(&removal("")));
    }

    #[test]
    fn the_table_is_that_of_the_source() {
        let source = "arn:aws:dynamodb:eu-west-1:123456789012:table/Users/stream/2026-11-30T00:00";
        let json = removal(&format!(r#","eventSourceARN":"{source}""#));
        assert_eq!(entry(json.as_bytes()).table_name.as_deref(), Some("Users"));
        let json = removal(r#","eventSourceARN":"arn:aws:kinesis:eu-west-1:1:stream/Users""#);
        assert_eq!(entry(json.as_bytes()).table_name, None);
        let json = removal(r#","tableName":"People""#);
        assert_eq!(entry(json.as_bytes()).table_name.as_deref(), Some("People"));
    }
}
