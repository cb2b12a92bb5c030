//! The forms in which records of streams come: every view type, both services, and a damaged record
//! among others.

use dynamo_runtime::prelude::*;
use dynamo_runtime::stream::{self, Change, ChangeKind, StreamRecord, StreamView};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "messages")]
struct Message {
    #[dynamo(partition_key)]
    id: u32,
    text: String,
}

/// Its keys are made of its fields.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(sort_key("sk") = "ORDER#{placed_at}#{order_id}")]
#[expect(clippy::struct_field_names, reason = "the names that the template has")]
struct Order {
    customer_id: String,
    placed_at: Timestamp,
    order_id: u32,
}

fn message(id: u32, text: &str) -> Message {
    Message { id, text: text.to_owned() }
}

const NEW: &str = r#""NewImage":{"id":{"N":"1"},"text":{"S":"new"}}"#;
const OLD: &str = r#""OldImage":{"id":{"N":"1"},"text":{"S":"old"}}"#;
const KEYS: &str = r#""Keys":{"id":{"N":"1"}}"#;

/// A record of DynamoDB Streams with these members of `dynamodb`.
fn record(event: &str, change: &[&str]) -> String {
    format!(r#"{{"eventName":"{event}","dynamodb":{{{}}}}}"#, change.join(","))
}

fn read(json: &str) -> StreamRecord<'_> {
    stream::record(json.as_bytes())
}

#[test]
fn every_view_type_gives_what_its_records_have() {
    let [new, old] = ["new", "old"].map(|text| message(1, text));
    for (event, kind) in [
        ("INSERT", ChangeKind::Inserted),
        ("MODIFY", ChangeKind::Modified),
        ("REMOVE", ChangeKind::Removed),
    ] {
        let has_new = kind != ChangeKind::Removed;
        let has_old = kind != ChangeKind::Inserted;
        for (name, view, new_image, old_image) in [
            ("KEYS_ONLY", StreamView::KeysOnly, false, false),
            ("NEW_IMAGE", StreamView::NewImage, has_new, false),
            ("OLD_IMAGE", StreamView::OldImage, false, has_old),
            ("NEW_AND_OLD_IMAGES", StreamView::NewAndOldImages, has_new, has_old),
        ] {
            let view_type = format!(r#""StreamViewType":"{name}""#);
            let mut change = vec![KEYS, &*view_type, r#""SequenceNumber":"7""#];
            change.extend(new_image.then_some(NEW));
            change.extend(old_image.then_some(OLD));
            let json = record(event, &change);
            let record = read(&json);
            assert_eq!(record.kind().unwrap(), kind);
            assert_eq!(record.view(), Some(view));
            assert_eq!(record.key::<Message>().unwrap(), Message::key(1_u32));
            assert_eq!(record.sequence_number(), Some("7"));
            assert_eq!(record.new_image().unwrap(), new_image.then(|| new.clone()));
            assert_eq!(record.old_image().unwrap(), old_image.then(|| old.clone()));
            let is_whole = (new_image, old_image) == (has_new, has_old);
            match record.change::<Message>() {
                Ok(change) => {
                    assert!(is_whole, "{json}");
                    assert_eq!(change.before(), has_old.then_some(&old));
                    assert_eq!(change.after(), has_new.then_some(&new));
                }
                Err(error) => {
                    assert!(!is_whole && error.is_decode(), "{error}");
                    assert!(error.to_string().contains("`key`"), "{error}");
                }
            }
        }
    }
}

#[test]
fn a_key_is_read_back_from_its_form() {
    let placed_at = Timestamp::from_epoch_seconds(1_700_000_000).unwrap();
    let order = Order { customer_id: "c#1".to_owned(), placed_at, order_id: 7 };
    let item = dynamo_runtime::codec::encode_item(&order).unwrap();
    let item: serde_json::Value = serde_json::from_slice(&item).unwrap();
    let keys = format!(r#""Keys":{{"sk":{},"pk":{}}}"#, item["sk"], item["pk"]);
    let json = record("REMOVE", &[&keys]);
    assert_eq!(read(&json).key::<Order>().unwrap(), order.to_key());
    for (keys, path) in [
        (r#"{"pk":{"S":"CUSTOMER#c"},"sk":{"S":"PROFILE"}}"#, "Keys.sk"),
        (
            r#"{"pk":{"S":"SHOP#c"},"sk":{"S":"ORDER#2023-11-14T22:13:20.000000Z#0000000007"}}"#,
            "Keys.pk",
        ),
        (r#"{"pk":{"S":"CUSTOMER#c"}}"#, "Keys.sk"),
        (
            r#"{"pk":{"S":"CUSTOMER#c"},"sk":{"S":"ORDER#2023-11-14T22:13:20Z#0000000007"}}"#,
            "Keys.sk",
        ),
        (r#"{"pk":{"N":"1"},"sk":{"S":"x"}}"#, "Keys.pk"),
        (
            r#"{"pk":{"S":"CUSTOMER#c"},"sk":{"S":"ORDER#2023-11-14T22:13:20.000000Z#0000000007"},"x":{"S":"y"}}"#,
            "Keys",
        ),
    ] {
        let json = record("REMOVE", &[&format!(r#""Keys":{keys}"#)]);
        let error = read(&json).key::<Order>().unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!((error.entity(), error.operation(), error.path()), ("Order", "key", Some(path)));
    }
    let error = read(&record("REMOVE", &[])).key::<Order>().unwrap_err().to_string();
    assert!(error.contains("`Keys`"), "{error}");
}

#[test]
fn a_time_is_exact_in_every_form() {
    let at = |time: &str| {
        let json = record("REMOVE", &[KEYS, &format!(r#""ApproximateCreationDateTime":{time}"#)]);
        read(&json).written_at().map(Timestamp::epoch_micros)
    };
    assert_eq!(at("1700000000"), Some(1_700_000_000_000_000));
    assert_eq!(at("1700000000.123"), Some(1_700_000_000_123_000));
    assert_eq!(at("1700000000123"), Some(1_700_000_000_123_000));
    assert_eq!(at("1700000000123456"), Some(1_700_000_000_123_456));
    assert_eq!(at(r#""2023-11-14T22:13:20.123+00:00""#), Some(1_700_000_000_123_000));
    assert_eq!(
        at(r#"1700000000123456,"ApproximateCreationDateTimePrecision":"MICROSECOND""#),
        Some(1_700_000_000_123_456)
    );
    assert_eq!(
        at(r#"1700000000123,"ApproximateCreationDateTimePrecision":"MILLISECOND""#),
        Some(1_700_000_000_123_000)
    );
    assert_eq!(at("null"), None);
}

#[test]
fn null_members_beside_a_value_are_no_values() {
    let image =
        r#"{"id":{"N":"1","S":null,"M":null},"text":{"B":null,"NULL":null,"S":"new","L":null}}"#;
    let json = record(
        "INSERT",
        &[
            &format!(r#""NewImage":{image}"#),
            r#""Keys":{"id":{"S":null,"N":"1"}}"#,
            r#""OldImage":null"#,
        ],
    );
    assert_eq!(read(&json).change::<Message>().unwrap(), Change::Inserted(message(1, "new")));
    assert_eq!(read(&json).key::<Message>().unwrap(), Message::key(1_u32));
    let none = record("INSERT", &[r#""NewImage":{"id":{"N":"1"},"text":{"S":null}}"#]);
    let error = read(&none).change::<Message>().unwrap_err();
    assert_eq!(error.path(), Some("NewImage.text"));
}

#[test]
fn one_damaged_record_leaves_the_others() {
    let good = record("INSERT", &[NEW, r#""SequenceNumber":"1""#]);
    for (bad, sequence_number, path) in [
        ("{}", None, "Records[1].dynamodb"),
        ("null", None, "Records[1]"),
        ("[1]", None, "Records[1]"),
        (r#"{"eventName":"INSERT","dynamodb":7}"#, None, "Records[1].dynamodb"),
        (r#"{"dynamodb":{"SequenceNumber":"2"}}"#, Some("2"), "Records[1].eventName"),
        (&record("UPSERT", &[r#""SequenceNumber":"2""#]), Some("2"), "Records[1].eventName"),
        (
            &record(
                "INSERT",
                &[r#""SequenceNumber":"2""#, r#""ApproximateCreationDateTime":-1e99"#],
            ),
            Some("2"),
            "Records[1].dynamodb.ApproximateCreationDateTime",
        ),
        (
            &record("INSERT", &[r#""SequenceNumber":"2""#, r#""NewImage":[]"#]),
            Some("2"),
            "NewImage",
        ),
        (
            &record(
                "INSERT",
                &[r#""SequenceNumber":"2""#, r#""NewImage":{"id":{"N":"1"},"id":{"N":"1"}}"#],
            ),
            Some("2"),
            "NewImage.id",
        ),
        (
            &record("INSERT", &[r#""SequenceNumber":"2""#, r#""NewImage":{"id":{"N":1}}"#]),
            Some("2"),
            "NewImage.id",
        ),
        (
            &record("INSERT", &[r#""SequenceNumber":"2""#, r#""NewImage":{"id" 7}"#]),
            Some("2"),
            "NewImage.id",
        ),
        (&record("INSERT", &[NEW, NEW]), None, "Records[1].dynamodb.NewImage"),
        (
            r#"{"kinesis":{"data":"bm8=","sequenceNumber":"3"}}"#,
            Some("3"),
            "Records[1].kinesis.data",
        ),
        (r#"{"kinesis":{"data":"~","sequenceNumber":"3"}}"#, Some("3"), "Records[1].kinesis.data"),
        (r#"{"kinesis":{"sequenceNumber":"3"}}"#, Some("3"), "Records[1].kinesis.data"),
    ] {
        let json = format!(r#"{{"Records":[{good}, {bad} ,{good}]}}"#);
        let records = stream::records(json.as_bytes()).unwrap();
        let changes: Vec<_> = records.iter().map(StreamRecord::change::<Message>).collect();
        let [Ok(first), Err(error), Ok(last)] = &changes[..] else { panic!("{bad}: {changes:?}") };
        assert_eq!((first, last), (&Change::Inserted(message(1, "new")), first));
        assert!(error.is_decode(), "{bad}: {error}");
        assert_eq!(error.path(), Some(path), "{bad}: {error}");
        assert_eq!(records[1].sequence_number(), sequence_number, "{bad}");
    }
}

/// As Kinesis Data Streams carry it.
const CARRIED: &str = r#"{
    "awsRegion": "us-east-1", "eventID": "c81e728d-9d4c-4f63-af06-7f89cc14862c",
    "eventName": "REMOVE", "recordFormat": "application/json", "tableName": "messages",
    "userIdentity": {"principalId": "dynamodb.amazonaws.com", "type": "Service"},
    "dynamodb": {
        "ApproximateCreationDateTime": 1700000000123456,
        "ApproximateCreationDateTimePrecision": "MICROSECOND",
        "Keys": {"id": {"N": "1"}},
        "OldImage": {"id": {"N": "1"}, "text": {"S": "old"}}, "SizeBytes": 20
    },
    "eventSource": "aws:dynamodb"
}"#;

#[test]
fn records_of_kinesis_are_read_in_each_of_their_envelopes() {
    let data = base64_simd::STANDARD.encode_to_string(CARRIED);
    let lambda = format!(
        r#"{{"Records":[{{"kinesis":{{"kinesisSchemaVersion":"1.0","partitionKey":"p",
            "sequenceNumber":"49628566489653659107","data":"{data}",
            "approximateArrivalTimestamp":1700000001.016}},"eventSource":"aws:kinesis",
            "eventID":"shardId-000000000003:49628566489653659107",
            "eventName":"aws:kinesis:record"}}]}}"#
    );
    let answer = format!(
        r#"{{"MillisBehindLatest":0,"NextShardIterator":"x","Records":[{{"Data":"{data}",
            "ApproximateArrivalTimestamp":1700000001.016,"PartitionKey":"p",
            "SequenceNumber":"49628566489653659107"}}]}}"#
    );
    let array = format!("[{CARRIED}]");
    let number = Some("49628566489653659107");
    for (json, sequence_number) in [(&lambda, number), (&answer, number), (&array, None)] {
        let records = stream::records(json.as_bytes()).unwrap();
        let [record] = &records[..] else { panic!("one record: {records:?}") };
        assert_eq!(record.change::<Message>().unwrap(), Change::Expired(message(1, "old")));
        assert_eq!(record.kind().unwrap(), ChangeKind::Expired);
        assert_eq!(record.key::<Message>().unwrap(), Message::key(1_u32));
        assert_eq!(record.sequence_number(), sequence_number);
        assert_eq!(record.event_id(), Some("c81e728d-9d4c-4f63-af06-7f89cc14862c"));
        assert_eq!(record.table_name(), Some("messages"));
        assert_eq!(record.written_at().map(Timestamp::epoch_micros), Some(1_700_000_000_123_456));
        assert_eq!(record.view(), None);
        assert!(!format!("{record:?}").contains("old"), "no item is shown");
    }
}

proptest::proptest! {
    #[test]
    fn no_event_panics(text in "[\\[\\]{}\",:a\\\\ n0-9]{0,40}") {
        for json in [&text, &format!(r#"{{"Records":[{text}]}}"#), &format!(r#"[{{"dynamodb":{text}}}]"#)] {
            for record in stream::records(json.as_bytes()).into_iter().flatten() {
                let _ = (record.change::<Message>(), record.key::<Order>(), record.kind());
            }
            let _ = stream::record(json.as_bytes()).change::<Message>();
        }
    }
}
