//! `serde_dynamo`: an item of the SDK's values that it has made is ours by `from_item`, and goes back by
//! `to_item`.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use dynamo_runtime::prelude::*;
use dynamo_runtime::sdk::{FromSdkItem as _, ToSdkItem as _};
use dynamo_runtime::testing::Tables;
use serde::{Deserialize, Serialize};

use crate::engine::EngineAddress;
use crate::table::Row;

/// As a program has it that uses the SDK with serde.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct SerdeUser {
    user_id: String,
    created: i64,
    level: u8,
    nickname: Option<String>,
    counts: BTreeMap<String, u64>,
    state: SerdeState,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "type")]
enum SerdeState {
    Active { since: String },
    Closed,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "serde-dynamo", rename_all = "camelCase")]
struct PortedUser {
    #[dynamo(partition_key)]
    user_id: String,
    #[dynamo(form = epoch_seconds)]
    created: Timestamp,
    level: PortedLevel,
    #[dynamo(null_when_none)]
    nickname: Option<String>,
    counts: BTreeMap<String, u64>,
    state: PortedState,
}

#[derive(Document, Clone, Copy, Debug, PartialEq)]
#[dynamo(number)]
enum PortedLevel {
    Low = 1,
    High = 2,
}

#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(tag = "type")]
enum PortedState {
    Active { since: String },
    Closed,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<PortedUser>()).await;
    let theirs = SerdeUser {
        user_id: "a".into(),
        created: 1_796_042_096,
        level: 2,
        nickname: None,
        counts: BTreeMap::from([("x".into(), u64::MAX)]),
        state: SerdeState::Active { since: "2026".into() },
    };
    let item: HashMap<String, AttributeValue> = serde_dynamo::to_item(theirs.clone()).unwrap();
    let ours: PortedUser = PortedUser::from_item(&item).unwrap();
    assert_eq!((ours.level, ours.created.epoch_seconds()), (PortedLevel::High, 1_796_042_096));
    assert_eq!(ours.to_item().unwrap(), item);

    PortedUser::create(ours).send(&client).await.unwrap();
    let close =
        PortedUser::update(PortedUser::key("a")).set(PortedUser::STATE, PortedState::Closed);
    let closed = close.condition(PortedUser::LEVEL.eq(PortedLevel::High)).returning_new();
    let item = closed.send(&client).await.unwrap().to_item().unwrap();
    let read: SerdeUser = serde_dynamo::from_item(item).unwrap();
    assert_eq!(read, SerdeUser { state: SerdeState::Closed, ..theirs });
    let delete =
        |level| PortedUser::delete(PortedUser::key("a")).condition(PortedUser::LEVEL.eq(level));
    assert!(delete(PortedLevel::Low).send(&client).await.unwrap_err().is_condition_failed());
    delete(PortedLevel::High).send(&client).await.unwrap();
    Row {
        library: "serde_dynamo",
        forms: "items of the SDK by `from_item` and `to_item`; times `epoch_seconds`; an enum as a number; `null_when_none`",
        read: "all",
        written_back: "update, create, delete by condition",
        read_by_them: "all",
    }
}
