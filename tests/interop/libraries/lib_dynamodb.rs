//! The document client of the SDK for JavaScript: values as they are.

use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::AnyValue;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::{Value, json};

use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "lib-dynamodb")]
struct Product {
    #[dynamo(partition_key)]
    id: String,
    name: String,
    large: u128,
    ratio: f64,
    active: bool,
    #[dynamo(null_when_none)]
    nothing: Option<String>,
    raw: Vec<u8>,
    tags: BTreeSet<String>,
    numbers: BTreeSet<u32>,
    list: Vec<AnyValue>,
    map: BTreeMap<String, u32>,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Product>()).await;
    let mut document = Program::start("lib-dynamodb.mjs", "lib-dynamodb", engine);

    document.call("write", "a");
    let read = Product::get(Product::key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.large, read.nothing.as_ref()), (100_000_000_000_000_000_000, None));
    assert_eq!(read.ratio.to_bits(), (0.1_f64 + 0.2).to_bits());
    assert_eq!(read.list[1..], [AnyValue::S("x".into()), AnyValue::Null]);
    let update = Product::update(Product::key("a")).set(Product::NAME, "Bob");
    update.condition(Product::NAME.eq("Ann")).send(&client).await.unwrap();
    let change = |id: &str, from: &str| json!({ "id": id, "from": from, "to": "Eve" });
    document.refuses("change", change("a", "Ann"), "ConditionalCheckFailed");
    document.call("change", change("a", "Bob"));

    let created = Product::create(Product { id: "b".into(), ..read }).send(&client).await.unwrap();
    let seen = document.call("read", "b");
    let expected = json!({
        "id": "b", "name": "Ann", "large": "100000000000000000000", "ratio": 0.1 + 0.2, "active": true,
        "nothing": null, "raw": "hi", "tags": ["a", "b"], "numbers": [1, 2], "list": [1, "x", null],
        "map": { "a": 1 },
    });
    assert_eq!(seen, expected);
    document.call("change", change("b", "Ann"));
    let changed = Product::get(Product::key("b")).send(&client).await.unwrap().unwrap();
    assert_eq!(changed, Product { name: "Eve".into(), ..created });
    let delete = |name| Product::delete(Product::key("b")).condition(Product::NAME.eq(name));
    assert!(delete("Ann").send(&client).await.unwrap_err().is_condition_failed());
    delete("Eve").send(&client).await.unwrap();
    assert_eq!(document.call("read", "b"), Value::Null);
    Row {
        library: "@aws-sdk/lib-dynamodb",
        forms: "all data types as they are; `null_when_none`; `AnyValue` in a list",
        read: "all, value by value",
        written_back: "update, create, delete by condition",
        read_by_them: "all, value by value",
    }
}
