//! The idempotency records of Powertools for AWS Lambda: a call is answered from the record of
//! another program, in TypeScript from a map and in Python from JSON in text.

use std::collections::BTreeMap;

use dynamo_runtime::AnyValue;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "powertools-typescript")]
struct MapRecord {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(ttl)]
    expiration: Timestamp,
    status: RecordStatus,
    #[dynamo(form = epoch_millis)]
    in_progress_expiration: Option<Timestamp>,
    data: Option<AnyValue>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "powertools-python")]
struct TextRecord {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(ttl)]
    expiration: Timestamp,
    status: RecordStatus,
    #[dynamo(form = epoch_millis)]
    in_progress_expiration: Option<Timestamp>,
    #[dynamo(form = json)]
    data: Option<Receipt>,
}

#[derive(Document, Clone, Copy, Debug, PartialEq)]
#[dynamo(rename_all = "UPPERCASE")]
enum RecordStatus {
    InProgress,
    Completed,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Receipt {
    message: String,
    n: u32,
}

fn in_an_hour() -> Timestamp {
    (Timestamp::now() + std::time::Duration::from_hours(1)).floor_to_second()
}

pub(super) async fn run_typescript(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<MapRecord>()).await;
    let mut powertools = Program::start("powertools.mjs", "powertools-typescript", engine);
    let key = |id: Value| MapRecord::key(id.as_str().unwrap());

    assert_eq!(powertools.call("pay", "a")["ran"], true);
    let id = powertools.call("key", "a");
    let read = MapRecord::get(key(id.clone())).send(&client).await.unwrap().unwrap();
    assert!(read.in_progress_expiration.is_some_and(|until| until > Timestamp::now()));
    let Some(AnyValue::M(data)) = &read.data else { panic!("{read:?}") };
    assert_eq!(data["message"], AnyValue::S("paid a".into()));
    let data = BTreeMap::from([
        ("message".to_owned(), AnyValue::S("paid by another".into())),
        ("n".to_owned(), AnyValue::N(2_u32.into())),
    ]);
    let update = MapRecord::update(key(id.clone())).set(MapRecord::DATA, AnyValue::M(data.clone()));
    let update = update.condition(MapRecord::STATUS.eq(RecordStatus::Completed));
    update.send(&client).await.unwrap();
    let expected = json!({ "result": { "message": "paid by another", "n": 2 }, "ran": false });
    assert_eq!(powertools.call("pay", "a"), expected);

    let other = powertools.call("key", "b");
    let other = other.as_str().unwrap().to_owned();
    let data = Some(AnyValue::M(data));
    let new = MapRecord { id: other, expiration: in_an_hour(), data, ..read };
    MapRecord::create(new).send(&client).await.unwrap();
    assert_eq!(powertools.call("pay", "b"), expected);
    let delete =
        MapRecord::delete(key(id)).condition(MapRecord::STATUS.eq(RecordStatus::Completed));
    delete.send(&client).await.unwrap();
    assert_eq!(powertools.call("pay", "a")["ran"], true);
    Row {
        library: "@aws-lambda-powertools/idempotency",
        forms: "`ttl`; times `epoch_millis`; `AnyValue` for the answer",
        read: "all",
        written_back: "update, create, delete by condition",
        read_by_them: "it answers with our record, and does not run again",
    }
}

pub(super) async fn run_python(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<TextRecord>()).await;
    let mut powertools = Program::start("powertools_program.py", "powertools-python", engine);
    let key = |id: Value| TextRecord::key(id.as_str().unwrap());

    assert_eq!(powertools.call("pay", "a")["ran"], true);
    let id = powertools.call("key", "a");
    let read = TextRecord::get(key(id.clone())).send(&client).await.unwrap().unwrap();
    assert!(read.in_progress_expiration.is_some_and(|until| until > Timestamp::now()));
    assert_eq!(read.data, Some(Receipt { message: "paid a".into(), n: 1 }));
    let data = Receipt { message: "paid by another".into(), n: 2 };
    let update = TextRecord::update(key(id.clone())).set(TextRecord::DATA, data.clone());
    let update = update.condition(TextRecord::STATUS.eq(RecordStatus::Completed));
    update.send(&client).await.unwrap();
    // It keeps what it has read of its own for an hour, so another process asks.
    let mut powertools = Program::start("powertools_program.py", "powertools-python", engine);
    let expected = json!({ "result": { "message": "paid by another", "n": 2 }, "ran": false });
    assert_eq!(powertools.call("pay", "a"), expected);

    let other = powertools.call("key", "b");
    let other = other.as_str().unwrap().to_owned();
    let new = TextRecord { id: other, expiration: in_an_hour(), data: Some(data), ..read };
    TextRecord::create(new).send(&client).await.unwrap();
    assert_eq!(powertools.call("pay", "b"), expected);
    let delete =
        TextRecord::delete(key(id)).condition(TextRecord::STATUS.eq(RecordStatus::Completed));
    delete.send(&client).await.unwrap();
    assert_eq!(powertools.call("pay", "a")["ran"], true);
    Row {
        library: "aws_lambda_powertools",
        forms: "`ttl`; times `epoch_millis`; `json` for the answer",
        read: "all",
        written_back: "update, create, delete by condition",
        read_by_them: "it answers with our record, and does not run again",
    }
}
