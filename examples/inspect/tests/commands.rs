//! A table is scanned as far as it is said, with its keys and indexes.

#![allow(missing_docs)]

use std::fs;
use std::process::{Command, Output};

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "orders", rename_all = "camelCase")]
#[dynamo(index(by_day, name = "day-index", partition_key = day, sort_key = total))]
#[dynamo(index(by_total, name = "total-index", local, sort_key = total))]
struct Order {
    #[dynamo(partition_key)]
    customer_id: String,
    #[dynamo(sort_key)]
    number: u32,
    day: String,
    total: u32,
}

fn inspect(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dynamo-inspect"));
    command.args(arguments).envs(settings.iter().copied()).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_scanned_as_far_as_it_is_said() {
    let engine = LocalEngine::in_memory().await.unwrap();
    let client = SecureClient::local().engine(&engine).table::<Order>().build().await.unwrap();
    for number in 1..=9 {
        let order = Order {
            customer_id: "ann".into(),
            number,
            day: "2026-11-30".into(),
            total: 100 * number,
        };
        Order::create(order).send(&client).await.unwrap();
    }
    let ca = std::env::temp_dir().join(format!("inspect-ca-{}.pem", std::process::id()));
    fs::write(&ca, engine.ca_pem()).unwrap();
    let endpoint = format!("{}:{}", engine.host(), engine.port());
    let settings = [
        ("AWS_ACCESS_KEY_ID", engine.access_key_id()),
        ("AWS_SECRET_ACCESS_KEY", engine.secret_access_key()),
    ];
    let place = ["--region", "us-east-1", "--endpoint", &endpoint, "--ca", ca.to_str().unwrap()];
    let scan = |table: &str, more: &[&str]| {
        inspect(&[&["scan", table], &place[..], more].concat(), &settings)
    };

    let output = scan("orders", &["--items", "4", "--rate", "2"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && error.is_empty(), "{error}");
    let told = String::from_utf8(output.stdout).unwrap();
    for line in [
        "// The items of the table \"orders\", told from 4 items by `dynamo-inspect`.",
        "#[dynamo(table = \"orders\", rename_all = \"camelCase\")]",
        "#[dynamo(index(by_day_index, name = \"day-index\", partition_key = day, sort_key = total))]",
        "#[dynamo(index(by_total_index, name = \"total-index\", local, sort_key = total))]",
        "pub struct Orders {",
        "    #[dynamo(partition_key)]\n    pub customer_id: String,",
        "    #[dynamo(sort_key)]\n    pub number: i64,",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    // Without the values.
    assert!(!told.contains("ann"), "{told}");

    let missing = scan("others", &[]);
    assert!(!missing.status.success());
    assert!(String::from_utf8_lossy(&missing.stderr).contains("there is no such table"));
    fs::remove_file(ca).unwrap();
}

#[test]
fn what_is_no_item_is_named_by_its_line() {
    let file = std::env::temp_dir().join(format!("inspect-items-{}.jsonl", std::process::id()));
    fs::write(&file, "{\"Item\":{\"id\":{\"S\":\"a\"}}}\n{\"id\":\"b\"}\n").unwrap();
    let output = inspect(&["file", file.to_str().unwrap()], &[]);
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("line 2 is no item of DynamoDB JSON"), "{error}");
    fs::write(&file, "{\"Item\":{\"id\":{\"S\":\"a\"}}}\n{\"id\":{\"S\":\"a\"}}\n").unwrap();
    let output = inspect(&["file", file.to_str().unwrap()], &[]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("`--partition-key`"));
    fs::remove_file(file).unwrap();
}
