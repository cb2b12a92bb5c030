//! Dynamoose: times as milliseconds, seconds or ISO text, and nulls.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::{Value, json};

use super::instant;
use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamoose", rename_all = "camelCase")]
struct Member {
    #[dynamo(partition_key)]
    id: String,
    name: String,
    #[dynamo(form = epoch_millis)]
    at: Timestamp,
    #[dynamo(form = epoch_seconds)]
    seconds: Timestamp,
    #[dynamo(form = rfc3339(digits = 3))]
    iso: Timestamp,
    #[dynamo(null_when_none)]
    note: Option<String>,
    tags: BTreeSet<String>,
    level: MemberLevel,
    #[dynamo(created_at, form = epoch_millis)]
    created_at: Timestamp,
    #[dynamo(updated_at, form = epoch_millis)]
    updated_at: Timestamp,
    #[dynamo(ttl)]
    ttl: Option<Timestamp>,
}

#[derive(Document, Clone, Copy, Debug, PartialEq)]
#[dynamo(number)]
enum MemberLevel {
    Low = 1,
    Middle = 2,
    High = 3,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Member>()).await;
    let mut dynamoose = Program::start("dynamoose.mjs", "dynamoose", engine);

    dynamoose.call("write", "a");
    let read = Member::get(Member::key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.at, read.iso, read.note.as_ref()), (instant(), instant(), None));
    // It rounds to the nearest second.
    assert_eq!(read.seconds.epoch_seconds(), instant().epoch_seconds() + 1);
    assert_eq!((read.level, read.tags.len()), (MemberLevel::Middle, 2));
    let update = Member::update(Member::key("a")).set(Member::NAME, "Bob");
    update.condition(Member::LEVEL.eq(MemberLevel::Middle)).send(&client).await.unwrap();
    let seen = dynamoose.call("read", "a");
    let expected = json!(["Bob", "2026-11-30T12:34:56.789Z", null, true, true]);
    assert_eq!(
        json!([seen["name"], seen["at"], seen["note"], seen["updatedAt"], seen["ttl"]]),
        expected
    );

    let new = Member { id: "b".into(), level: MemberLevel::High, ..read };
    let created = Member::create(new).send(&client).await.unwrap();
    let seen = dynamoose.call("read", "b");
    assert_eq!((&seen["level"], &seen["createdAt"]), (&json!(3), &json!(true)));
    dynamoose.refuses("change", json!({ "id": "b", "level": 2 }), "ConditionalCheckFailed");
    dynamoose.call("change", json!({ "id": "b", "level": 3 }));
    let changed = Member::get(Member::key("b")).send(&client).await.unwrap().unwrap();
    assert_eq!((changed.name.as_str(), changed.created_at), ("Eve", created.created_at));

    let stale = Member::delete(Member::key("b")).condition(Member::NAME.eq("Ann"));
    assert!(stale.send(&client).await.unwrap_err().is_condition_failed());
    Member::delete(Member::key("b")).condition(Member::NAME.eq("Eve")).send(&client).await.unwrap();
    assert_eq!(dynamoose.call("read", "b"), Value::Null);
    Row {
        library: "dynamoose",
        forms: "times `epoch_millis`, `epoch_seconds`, `rfc3339(digits = 3)`, also as managed times; `null_when_none`; an enum as a number; a set; `ttl`",
        read: "all; a time in seconds as it has rounded it",
        written_back: "update, create, delete by condition",
        read_by_them: "all",
    }
}
