//! DynamoDB-Toolbox: an entity attribute and two times, without which it formats no item.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::{Value, json};

use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "toolbox", constant("_et") = "Pokemon")]
#[dynamo(partition_key("pk", raw) = "POKEMON#{name}")]
struct Pokemon {
    #[dynamo(key_only)]
    name: String,
    #[dynamo(sort_key)]
    sk: String,
    points: u32,
    tags: BTreeSet<String>,
    raw: Option<Vec<u8>>,
    moves: Vec<PokemonMove>,
    #[dynamo(created_at, form = rfc3339(digits = 3), rename = "_ct")]
    created_at: Timestamp,
    #[dynamo(updated_at, form = rfc3339(digits = 3), rename = "_md")]
    updated_at: Timestamp,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct PokemonMove {
    name: String,
    power: Option<u32>,
}

fn key(name: &str) -> PokemonKey {
    PokemonKey { name: name.into(), sk: "x".into() }
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Pokemon>()).await;
    let mut toolbox = Program::start("toolbox.mjs", "toolbox", engine);

    toolbox.call("write", "a");
    let read = Pokemon::get(key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.points, read.raw.as_deref()), (5, Some(&b"hi"[..])));
    assert_eq!(read.moves, [PokemonMove { name: "cut".into(), power: Some(3) }]);
    let add = Pokemon::update(key("a")).add(Pokemon::POINTS, 1_u32);
    add.condition(Pokemon::POINTS.eq(5_u32)).send(&client).await.unwrap();
    let seen = toolbox.call("read", "a");
    assert_eq!(json!([seen["points"], seen["modified"]]), json!([6, true]));

    let new = Pokemon { name: "b".into(), ..read };
    Pokemon::create(new).send(&client).await.unwrap();
    let seen = toolbox.call("read", "b");
    assert_eq!(json!([seen["name"], seen["raw"], seen["created"]]), json!(["b", "hi", true]));
    toolbox.refuses("change", json!({ "id": "b", "points": 9 }), "ConditionalCheckFailed");
    toolbox.call("change", json!({ "id": "b", "points": 5 }));
    let changed = Pokemon::get(key("b")).send(&client).await.unwrap().unwrap();
    assert_eq!(changed.points, 6);

    let stale = Pokemon::delete(key("b")).condition(Pokemon::POINTS.eq(5_u32));
    assert!(stale.send(&client).await.unwrap_err().is_condition_failed());
    Pokemon::delete(key("b")).condition(Pokemon::POINTS.eq(6_u32)).send(&client).await.unwrap();
    assert_eq!(toolbox.call("read", "b"), Value::Null);
    Row {
        library: "dynamodb-toolbox",
        forms: "a key `raw` of a part that is `key_only`; `constant` for `_et`; managed times `_ct` and `_md` in `rfc3339(digits = 3)`; sets, bytes, lists of maps",
        read: "all",
        written_back: "update, create, delete by condition",
        read_by_them: "all",
    }
}
