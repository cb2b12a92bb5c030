//! The mapper of nova, and of AWS before it: versions from 0, times as seconds, nulls for empty text.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::{Value, json};

use super::instant;
use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "nova")]
struct Player {
    #[dynamo(partition_key)]
    id: String,
    name: String,
    #[dynamo(form = epoch_seconds)]
    at: Timestamp,
    #[dynamo(default)]
    note: String,
    tags: BTreeSet<String>,
    #[dynamo(version(starts_at = 0))]
    v: Version,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Player>()).await;
    let mut nova = Program::start("nova.mjs", "nova", engine);

    nova.call("write", "a");
    let read = Player::get(Player::key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.at, read.v), (instant().floor_to_second(), Version::new(0)));
    assert_eq!((read.note.as_str(), read.tags.len()), ("", 2));
    nova.call("keep", "a");
    let replaced = Player::replace(Player { name: "Bob".into(), ..read.clone() });
    assert_eq!(replaced.send(&client).await.unwrap().v, Version::new(1));
    // The copy from before our write is refused there, as theirs is here.
    nova.refuses("writeKept", Value::Null, "ConditionalCheckFailed");
    let seen = nova.call("read", "a");
    let expected = json!(["Bob", 1, "", "2026-11-30T12:34:56.000Z"]);
    assert_eq!(json!([seen["name"], seen["v"], seen["note"], seen["at"]]), expected);
    nova.call("change", "a");
    let stale = Player::replace(Player { v: Version::new(1), ..read.clone() });
    assert!(stale.send(&client).await.unwrap_err().is_condition_failed());

    let created = Player::create(Player { id: "b".into(), ..read }).send(&client).await.unwrap();
    assert_eq!((created.v, &nova.call("read", "b")["v"]), (Version::new(0), &json!(0)));
    nova.call("change", "b");
    let delete = |version| Player::delete(Player::key("b")).at_version(Version::new(version));
    assert!(delete(0).send(&client).await.unwrap_err().is_condition_failed());
    delete(1).send(&client).await.unwrap();
    nova.refuses("read", "b", "ItemNotFound");
    Row {
        library: "@nova-odm/mapper",
        forms: "`version(starts_at = 0)`; times `epoch_seconds`; a null as the default of a text; a set",
        read: "all",
        written_back: "replace and delete at a version, create; each refuses the other's stale copy",
        read_by_them: "all",
    }
}
