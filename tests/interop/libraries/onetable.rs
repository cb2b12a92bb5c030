//! `OneTable`: a type attribute, times as milliseconds, bytes as Base64 text, and a guard item for each
//! unique value.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::{Value, json};

use super::instant;
use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "onetable", constant("_type") = "User")]
#[dynamo(partition_key("pk", raw) = "user:{id}", sort_key("sk", raw) = "user:")]
struct Account {
    id: String,
    email: String,
    #[dynamo(form = epoch_millis)]
    at: Timestamp,
    #[dynamo(form = rfc3339(digits = 3))]
    iso: Timestamp,
    #[dynamo(ttl)]
    expires: Timestamp,
    #[dynamo(form = base64)]
    raw: Vec<u8>,
    tags: BTreeSet<String>,
    #[dynamo(created_at, form = epoch_millis, rename = "created")]
    created_at: Timestamp,
    #[dynamo(updated_at, form = epoch_millis, rename = "updated")]
    updated_at: Timestamp,
}

/// That an address is taken.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "onetable", constant("_type") = "_Unique")]
#[dynamo(partition_key("pk", raw) = "_unique#User#email#{email}", sort_key("sk", raw) = "_unique#")]
struct TakenEmail {
    #[dynamo(key_only)]
    email: String,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Account>().table::<TakenEmail>()).await;
    let mut onetable = Program::start("onetable.mjs", "onetable", engine);

    onetable.call("write", json!({ "id": "a", "email": "a@example.com" }));
    let read = Account::get(Account::key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.at, read.iso, read.raw.as_slice()), (instant(), instant(), &b"hi"[..]));
    assert_eq!((read.email.as_str(), read.tags.len()), ("a@example.com", 2));
    let update = Account::update(Account::key("a")).set(Account::RAW, b"you".to_vec());
    update.condition(Account::AT.eq(instant())).send(&client).await.unwrap();
    let seen = onetable.call("read", "a");
    assert_eq!((&seen["raw"], &seen["updated"]), (&json!("you"), &json!(true)));

    let new = Account { id: "b".into(), email: "b@example.com".into(), ..read };
    let taken = TakenEmail { email: new.email.clone() };
    Transaction::new().create(new).create(taken).send(&client).await.unwrap();
    onetable.refuses("write", json!({ "id": "c", "email": "b@example.com" }), "already exists");
    let seen = onetable.call("read", "b");
    assert_eq!((&seen["at"], &seen["created"]), (&json!("2026-11-30T12:34:56.789Z"), &json!(true)));
    onetable.call("change", json!({ "id": "b", "email": "c@example.com" }));
    let changed = Account::get(Account::key("b")).send(&client).await.unwrap().unwrap();
    assert_eq!(changed.email, "c@example.com");
    let taken = async |email| TakenEmail::get(TakenEmail::key(email)).send(&client).await.unwrap();
    assert_eq!(
        (taken("b@example.com").await.is_some(), taken("c@example.com").await.is_some()),
        (false, true)
    );

    let stale = Account::delete(Account::key("b")).condition(Account::EMAIL.eq("b@example.com"));
    assert!(stale.send(&client).await.unwrap_err().is_condition_failed());
    let delete = Account::delete(Account::key("b")).condition(Account::EMAIL.eq("c@example.com"));
    let free = TakenEmail::delete(TakenEmail::key("c@example.com")).if_exists();
    Transaction::new().delete(delete).delete(free).send(&client).await.unwrap();
    assert_eq!(onetable.call("read", "b"), Value::Null);
    Row {
        library: "dynamodb-onetable",
        forms: "keys `raw`; a guard of a unique value; `constant` for `_type`; times `epoch_millis` and `rfc3339(digits = 3)`, also as managed times; `base64`; a set; `ttl`",
        read: "all",
        written_back: "update, create with its guard in a transaction, delete by condition",
        read_by_them: "all; a value that we have taken is taken, and it moves our guard",
    }
}
