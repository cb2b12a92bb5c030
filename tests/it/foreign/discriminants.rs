//! Enums that are stored as numbers.

use std::collections::BTreeSet;

use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[dynamo(number)]
#[repr(u8)]
enum Priority {
    Low = 1,
    High = 200,
}

#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(number)]
enum Outcome {
    Lost = -1,
    Drawn = 0,
    Won = 1 + 1,
}

/// The numbers are for another purpose.
#[derive(Document, Clone, Copy, Debug, PartialEq)]
#[dynamo(text, rename_all = "lowercase")]
#[repr(u16)]
enum Port {
    Http = 80,
    Https = 443,
}

#[derive(KeyPart, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[dynamo(number)]
enum Offset {
    Before = -7,
    After = 7,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "jobs", index(by_priority, name = "priority-index", partition_key = priority))]
#[dynamo(partition_key("pk") = "JOB#{name}", sort_key("sk") = "{priority}#{offset}")]
struct Job {
    name: String,
    priority: Priority,
    offset: Offset,
    outcome: Option<Outcome>,
    port: Port,
    #[dynamo(default)]
    seen: BTreeSet<Priority>,
}

fn job(priority: Priority, offset: Offset) -> Job {
    Job {
        name: "j".to_owned(),
        priority,
        offset,
        outcome: Some(Outcome::Won),
        port: Port::Https,
        seen: BTreeSet::from([Priority::Low, Priority::High]),
    }
}

#[test]
fn the_form_is_the_number_and_a_part_of_a_key_is_that_of_the_integer() {
    let written = encode_item(&job(Priority::High, Offset::Before)).unwrap();
    let expected = serde_json::json!({
        "pk": {"S": "JOB#j"},
        "sk": {"S": "200#-9999999999999999993"},
        "name": {"S": "j"},
        "priority": {"N": "200"},
        "offset": {"N": "-7"},
        "outcome": {"N": "2"},
        "port": {"S": "https"},
        "seen": {"NS": ["1", "200"]},
    });
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&written).unwrap(), expected);
    assert_eq!(decode_item::<Job>(&written).unwrap(), job(Priority::High, Offset::Before));
}

#[derive(Document, Debug, PartialEq)]
struct Value {
    priority: Option<Priority>,
    outcome: Option<Outcome>,
}

#[test]
fn every_variant_is_read_back_and_no_other_number_is_read() {
    for outcome in [Outcome::Lost, Outcome::Drawn, Outcome::Won] {
        let value = Value { priority: Some(Priority::Low), outcome: Some(outcome) };
        assert_eq!(decode_item(&encode_item(&value).unwrap()), Ok(value));
    }
    let read = |attribute: &str, value: &str| {
        decode_item::<Value>(format!(r#"{{"{attribute}":{value}}}"#).as_bytes())
    };
    for (attribute, value, words) in [
        ("priority", r#"{"N":"2"}"#, "the number is that of none of `Low`, `High`"),
        ("outcome", r#"{"N":"1"}"#, "the number is that of none of `Lost`, `Drawn`, `Won`"),
        ("priority", r#"{"N":"256"}"#, "u8"),
        ("priority", r#"{"N":"1.5"}"#, "fraction"),
        ("priority", r#"{"S":"Low"}"#, "found a string"),
    ] {
        let error = read(attribute, value).unwrap_err();
        assert_eq!(error.path(), Some(attribute));
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(read("priority", r#"{"N":"2E2"}"#).unwrap().priority, Some(Priority::High));
}

#[tokio::test]
async fn it_is_a_key_and_is_compared_as_a_number() {
    let client = crate::engine::client().table::<Job>().build().await;
    for (priority, offset) in [
        (Priority::High, Offset::After),
        (Priority::Low, Offset::After),
        (Priority::High, Offset::Before),
    ] {
        Job::create(job(priority, offset)).send(&client).await.unwrap();
    }
    let found = Job::query("j").items(&client).collect().await.unwrap();
    let order: Vec<_> = found.iter().map(|job| (job.priority, job.offset)).collect();
    assert_eq!(
        order,
        [
            (Priority::Low, Offset::After),
            (Priority::High, Offset::Before),
            (Priority::High, Offset::After),
        ]
    );
    let high = Job::by_priority(Priority::High).filter(Job::OUTCOME.gt(Outcome::Drawn));
    assert_eq!(high.count(&client).await.unwrap(), 2);
    let low = Job::by_priority(Priority::Low).filter(Job::SEEN.contains(Priority::High));
    assert_eq!(low.count(&client).await.unwrap(), 1);
}
