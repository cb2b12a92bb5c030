//! boto3: values as they are, numbers as decimals.

use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use dynamo_runtime::{AnyValue, Number};
use serde_json::{Value, json};

use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "boto3")]
struct Article {
    #[dynamo(partition_key)]
    id: String,
    name: String,
    large: u128,
    ratio: Number,
    active: bool,
    #[dynamo(null_when_none)]
    nothing: Option<String>,
    raw: Vec<u8>,
    tags: BTreeSet<String>,
    numbers: BTreeSet<Number>,
    list: Vec<AnyValue>,
    map: BTreeMap<String, u32>,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Article>()).await;
    let mut boto3 = Program::start("boto3_program.py", "boto3", engine);

    boto3.call("write", "a");
    let read = Article::get(Article::key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.large, read.nothing.as_ref()), (100_000_000_000_000_000_000, None));
    assert_eq!((read.ratio.to_string().as_str(), read.numbers.len()), ("2.5", 2));
    let update = Article::update(Article::key("a")).set(Article::NAME, "Bob");
    update.condition(Article::NAME.eq("Ann")).send(&client).await.unwrap();
    let change = |id: &str, from: &str| json!({ "id": id, "from": from, "to": "Eve" });
    boto3.refuses("change", change("a", "Ann"), "ConditionalCheckFailed");
    boto3.call("change", change("a", "Bob"));

    let created = Article::create(Article { id: "b".into(), ..read }).send(&client).await.unwrap();
    let seen = boto3.call("read", "b");
    let expected = json!({
        "id": "b", "name": "Ann", "large": "100000000000000000000", "ratio": "2.5", "active": true,
        "nothing": null, "raw": "6869", "tags": ["a", "b"], "numbers": ["1", "2.5"],
        "list": ["1", "x", null], "map": { "a": "1" },
    });
    assert_eq!(seen, expected);
    boto3.call("change", change("b", "Ann"));
    let changed = Article::get(Article::key("b")).send(&client).await.unwrap().unwrap();
    assert_eq!(changed, Article { name: "Eve".into(), ..created });
    let delete = |name| Article::delete(Article::key("b")).condition(Article::NAME.eq(name));
    assert!(delete("Ann").send(&client).await.unwrap_err().is_condition_failed());
    delete("Eve").send(&client).await.unwrap();
    assert_eq!(boto3.call("read", "b"), Value::Null);
    Row {
        library: "boto3",
        forms: "all data types as they are; `null_when_none`; `AnyValue` in a list",
        read: "all, value by value",
        written_back: "update, create, delete by condition",
        read_by_them: "all, value by value",
    }
}
