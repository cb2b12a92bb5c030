//! bloop: times with `+00:00`, and bytes that are Base64 twice.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::json;

use super::instant;
use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "bloop")]
struct Reader {
    #[dynamo(partition_key)]
    id: String,
    name: String,
    #[dynamo(form = rfc3339(offset = "+00:00"))]
    at: Timestamp,
    #[dynamo(form = epoch_seconds)]
    seconds: Timestamp,
    token: uuid::Uuid,
    count: u32,
    #[dynamo(form = base64_binary)]
    raw: Vec<u8>,
    tags: BTreeSet<String>,
    #[dynamo(default)]
    lines: Vec<String>,
    active: bool,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Reader>()).await;
    let mut bloop = Program::start("bloop_program.py", "bloop", engine);

    bloop.call("write", "a");
    let read = Reader::get(Reader::key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.at, read.seconds), (instant(), instant().floor_to_second()));
    // It has left out the text that was empty.
    assert_eq!(
        (read.raw.as_slice(), read.lines.as_slice()),
        (&b"hi"[..], &["a", "b"].map(String::from)[..])
    );
    let update =
        Reader::update(Reader::key("a")).set(Reader::NAME, "Bob").set(Reader::RAW, b"you".to_vec());
    update.condition(Reader::AT.eq(instant())).send(&client).await.unwrap();
    let seen = bloop.call("read", "a");
    let expected = json!(["Bob", "2026-11-30T12:34:56.789000+00:00", "796f75", ["a", "b"]]);
    assert_eq!(json!([seen["name"], seen["at"], seen["raw"], seen["tags"]]), expected);

    let created = Reader::create(Reader { id: "b".into(), ..read }).send(&client).await.unwrap();
    assert_eq!(bloop.call("read", "b")["token"], created.token.to_string());
    bloop.refuses("change", json!({ "id": "b", "count": 8 }), "ConstraintViolation");
    bloop.call("change", json!({ "id": "b", "count": 7 }));
    let changed = Reader::get(Reader::key("b")).send(&client).await.unwrap().unwrap();
    assert_eq!(changed, Reader { name: "Eve".into(), ..created });
    let delete = |name| Reader::delete(Reader::key("b")).condition(Reader::NAME.eq(name));
    assert!(delete("Ann").send(&client).await.unwrap_err().is_condition_failed());
    delete("Eve").send(&client).await.unwrap();
    bloop.refuses("read", "b", "MissingObjects");
    Row {
        library: "bloop",
        forms: "times `rfc3339(offset = \"+00:00\")` and `epoch_seconds`; `base64_binary`; a UUID; a set; a list that may be absent",
        read: "all; a list without the empty texts that it left out",
        written_back: "update, create, delete by condition",
        read_by_them: "all",
    }
}
