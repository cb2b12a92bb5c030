//! Records of streams, from the embedded engine and as the service's documentation shows them.

use std::time::Duration;

use dynamo_runtime::prelude::*;
use dynamo_runtime::stream::{self, Change, StreamView};
use dynamo_runtime::testing::LocalEngine;

use crate::entities::{User, user, user_key};

async fn changes(engine: &LocalEngine) -> Vec<Change<User>> {
    let json = engine.stream_records::<User>().await.unwrap();
    let records = stream::records(&json).unwrap();
    records.iter().map(|record| record.change().unwrap()).collect()
}

async fn engine_and_client() -> (LocalEngine, SecureClient) {
    let engine = crate::engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).streams().table::<User>();
    let client = client.build().await.unwrap();
    (engine, client)
}

#[tokio::test]
async fn every_write_is_a_change_with_the_items_before_and_after() {
    let (engine, client) = engine_and_client().await;
    let first = User::create(user("u1")).send(&client).await.unwrap();
    let second = User::update(user_key("u1")).set(User::EMAIL, "new@example.com").if_exists();
    let second = second.returning_new().send(&client).await.unwrap();
    User::delete_entity(&second).send(&client).await.unwrap();
    let expected = [
        Change::Inserted(first.clone()),
        Change::Modified { old: first, new: second.clone() },
        Change::Removed(second),
    ];
    assert_eq!(changes(&engine).await, expected);
}

#[tokio::test]
async fn an_item_that_the_service_deletes_at_its_time_has_expired() {
    let (engine, client) = engine_and_client().await;
    let expired =
        User { expires_at: Some(Timestamp::now() - Duration::from_mins(1)), ..user("u1") };
    let expired = User::create(expired).send(&client).await.unwrap();
    assert_eq!(engine.sweep_expired().await.unwrap(), 1);
    let last = changes(&engine).await.pop().unwrap();
    assert_eq!(last, Change::Expired(expired.clone()));
    assert_eq!((last.before(), last.after()), (Some(&expired), None));
}

#[tokio::test]
async fn a_record_says_where_it_stands_and_when_it_was_written() {
    let (engine, client) = engine_and_client().await;
    let before = Timestamp::now() - Duration::from_secs(2);
    for id in ["u1", "u2"] {
        User::create(user(id)).send(&client).await.unwrap();
    }
    let json = engine.stream_records::<User>().await.unwrap();
    let records = stream::records(&json).unwrap();
    assert!(records[0].sequence_number() < records[1].sequence_number());
    assert!(records[0].written_at().is_some_and(|time| time >= before));
    assert!(!format!("{records:?}").contains("u1"), "no item is shown");
}

#[tokio::test]
async fn a_table_without_a_stream_has_no_records() {
    let engine = crate::engine::embedded_engine().await;
    SecureClient::local().engine(&engine).table::<User>().build().await.unwrap();
    let error = engine.stream_records::<User>().await.unwrap_err();
    assert!(error.to_string().contains("`.streams()`"), "{error}");
}

#[derive(Entity, Debug, PartialEq)]
#[dynamo(table = "messages")]
struct Message {
    #[dynamo(partition_key, rename = "Id")]
    id: u32,
    #[dynamo(rename = "Message")]
    text: String,
}

fn message(id: u32, text: &str) -> Message {
    Message { id, text: text.to_owned() }
}

/// The sample event of Lambda's documentation, and its record of time to live, shortened.
///
/// Sources: [Process DynamoDB records with Lambda](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-example.html),
/// [DynamoDB Streams and Time to Live](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html).
const LAMBDA_EVENT: &str = r#"{
  "Records": [
    {
      "eventID": "1", "eventVersion": "1.0", "eventName": "INSERT",
      "dynamodb": {
        "ApproximateCreationDateTime": 1.4797E9,
        "Keys": {"Id": {"N": "101"}},
        "NewImage": {"Message": {"S": "New item!"}, "Id": {"N": "101"}},
        "StreamViewType": "NEW_AND_OLD_IMAGES", "SequenceNumber": "111", "SizeBytes": 26
      },
      "awsRegion": "us-west-2", "eventSource": "aws:dynamodb", "userIdentity": null,
      "eventSourceARN": "arn:aws:dynamodb:us-west-2:account-id:table/ExampleTableWithStream/stream/2015-06-27T00:48:05.899"
    },
    {
      "eventID": "2", "eventVersion": "1.0", "eventName": "MODIFY",
      "dynamodb": {
        "OldImage": {"Message": {"S": "New item!"}, "Id": {"N": "101"}},
        "SequenceNumber": "222",
        "Keys": {"Id": {"N": "101"}}, "SizeBytes": 59,
        "NewImage": {"Message": {"S": "This item has changed"}, "Id": {"N": "101"}},
        "StreamViewType": "NEW_AND_OLD_IMAGES"
      },
      "awsRegion": "us-west-2", "eventSource": "aws:dynamodb"
    },
    {
      "eventID": "3", "eventVersion": "1.0", "eventName": "REMOVE",
      "dynamodb": {
        "Keys": {"Id": {"N": "101"}}, "SizeBytes": 38, "SequenceNumber": "333",
        "OldImage": {"Message": {"S": "This item has changed"}, "Id": {"N": "101"}},
        "StreamViewType": "NEW_AND_OLD_IMAGES"
      },
      "awsRegion": "us-west-2", "eventSource": "aws:dynamodb"
    },
    {
      "eventID": "4", "eventName": "REMOVE",
      "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"},
      "dynamodb": {
        "OldImage": {"Message": {"S": "old"}, "Id": {"N": "102"}}, "SequenceNumber": "444"
      }
    },
    {
      "eventID": "5", "eventName": "REMOVE",
      "userIdentity": {"Type": "Service", "PrincipalId": "replication.dynamodb.amazonaws.com"},
      "dynamodb": {
        "OldImage": {"Message": {"S": "old"}, "Id": {"N": "103"}}, "SequenceNumber": "555"
      }
    }
  ]
}"#;

#[test]
fn an_event_of_lambda_is_read_as_the_documentation_has_it() {
    let records = stream::records(LAMBDA_EVENT.as_bytes()).unwrap();
    let changes: Vec<_> = records.iter().map(|record| record.change().unwrap()).collect();
    let expected = [
        Change::Inserted(message(101, "New item!")),
        Change::Modified {
            old: message(101, "New item!"),
            new: message(101, "This item has changed"),
        },
        Change::Removed(message(101, "This item has changed")),
        Change::Expired(message(102, "old")),
        // Deleted by another replica of a global table, which its own stream tells of.
        Change::Removed(message(103, "old")),
    ];
    assert_eq!(changes, expected);
    assert_eq!(records[1].sequence_number(), Some("222"));
    assert_eq!(records[1].event_id(), Some("2"));
    assert_eq!(records[0].table_name(), Some("ExampleTableWithStream"));
    assert_eq!(records[0].view(), Some(StreamView::NewAndOldImages));
    assert_eq!(records[3].view(), None);
    assert_eq!(records[0].written_at().map(Timestamp::epoch_seconds), Some(1_479_700_000));
    assert_eq!(records[1].written_at(), None);
}

#[track_caller]
fn record(change: &str) -> String {
    format!(r#"{{"Records":[{{"eventName":"MODIFY","dynamodb":{change}}}]}}"#)
}

#[test]
fn an_image_that_does_not_fit_is_an_error_with_its_path() {
    let json = record(
        r#"{"SequenceNumber":"1","OldImage":{"Id":{"N":"1"},"Message":{"S":"secret"}},"NewImage":{"Id":{"S":"secret"}}}"#,
    );
    let records = stream::records(json.as_bytes()).unwrap();
    let error = records[0].change::<Message>().unwrap_err();
    assert!(error.is_decode());
    assert_eq!((error.entity(), error.operation()), ("Message", "change"));
    assert_eq!(error.path(), Some("NewImage.Id"));
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[test]
fn a_stream_without_images_is_told_how_to_have_them() {
    let json = record(r#"{"SequenceNumber":"1","Keys":{"Id":{"N":"1"}},"NewImage":null}"#);
    let records = stream::records(json.as_bytes()).unwrap();
    let error = records[0].change::<Message>().unwrap_err();
    assert!(error.is_decode());
    assert!(error.to_string().contains("`NEW_AND_OLD_IMAGES`"), "{error}");
    assert!(error.to_string().contains("`OldImage`"), "{error}");
}

#[test]
fn what_are_no_records_is_an_error() {
    for (json, path) in [
        ("", None),
        ("{}", Some("Records")),
        (r#"{"Records":{}}"#, Some("Records")),
        (r#"{"Records":[],"Records":[]}"#, Some("Records")),
        (r#"{"Records":[]} x"#, None),
        (r#"{"Records":[{]}"#, Some("Records[0]")),
        (r#"{"Records":[{"a":1},{"b":"]}"#, Some("Records[1]")),
        ("[{}", Some("[0]")),
        ("7", None),
    ] {
        let error = stream::records(json.as_bytes()).unwrap_err();
        assert_eq!(error.path(), path, "{json}: {error}");
    }
}
