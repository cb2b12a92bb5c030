//! Each command, run as a user runs it, on a database of the embedded engine.

#![allow(missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_dynamo-schema"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("schema-tool-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err))
}

#[test]
fn tables_are_made_verified_filled_and_emptied() {
    let folder = folder("tables");
    let on = |arguments: &[&str]| {
        let (command, rest) = arguments.split_first().unwrap();
        run(&folder, &[&[*command, "--local", "shop.sqlite", "--json"], rest].concat())
    };
    let verified = on(&["verify"]);
    assert_eq!(verified.code, 3, "{}", verified.err);
    assert_eq!(json(&verified)["differences"][0]["severity"], "Breaks");
    let planned = on(&["plan"]);
    assert_eq!((planned.code, json(&planned)["steps"][0].as_str()), (3, Some("shop: CreateTable")));

    let lines = "{\"Item\":{\"pk\":{\"S\":\"CUSTOMER#ann\"},\"sk\":{\"S\":\"PROFILE\"},\"customer_id\":{\"S\":\"ann\"},\"name\":{\"S\":\"Ann\"},\"email\":{\"S\":\"ann@example.com\"},\"version\":{\"N\":\"3\"}}}\nno item\n";
    fs::write(folder.join("shop.jsonl"), lines).unwrap();
    let refused = on(&["load", "shop.jsonl"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("error: line 2: "), "{}", refused.err);

    let created = on(&["create"]);
    assert_eq!(json(&created)["created"][0], "shop");
    assert_eq!(json(&on(&["create"]))["created"].as_array().unwrap().len(), 0);
    // The embedded engine cannot tell of backups, and of all else there is nothing to tell.
    let verified = on(&["verify"]);
    let differences = json(&verified)["differences"].clone();
    assert_eq!((verified.code, differences.as_array().unwrap().len()), (0, 1), "{differences}");
    assert_eq!(differences[0]["severity"], "Unknown");
    assert_eq!(on(&["plan"]).code, 0);

    let loaded = json(&on(&["load", "shop.jsonl", "--rejects", "rejected.jsonl"]));
    assert_eq!(
        (&loaded["lines"], &loaded["put"], &loaded["rejected"]),
        (&2.into(), &1.into(), &1.into())
    );
    assert!(fs::read_to_string(folder.join("rejected.jsonl")).unwrap().contains("no item"));
    assert_eq!(json(&on(&["dump", "dump.jsonl"]))["items"], 1);
    let dumped = fs::read_to_string(folder.join("dump.jsonl")).unwrap();
    assert!(dumped.contains("\"version\":{\"N\":\"3\"}"), "{dumped}");
    assert_eq!(json(&on(&["describe"]))["status"], "ACTIVE");

    // For people; and nothing is drawn where there is no terminal.
    let csv = on(&["dump", "shop.csv"]);
    assert_eq!((csv.code, csv.err.as_str()), (0, ""));
    let rows = fs::read_to_string(folder.join("shop.csv")).unwrap();
    assert!(rows.starts_with("pk,sk,customer_id,name,email,version,order_id,"), "{rows}");
    assert!(rows.contains("\nCUSTOMER#ann,PROFILE,ann,Ann,ann@example.com,3,"), "{rows}");
    assert_eq!(json(&on(&["load", "shop.csv"]))["put"], 1);
    assert_eq!(json(&on(&["dump", "shop.json", "--format", "plain-json"]))["items"], 1);
    assert_eq!(json(&on(&["load", "shop.json", "--format", "plain-json"]))["put"], 1);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_needs_no_table_is_printed() {
    let folder = folder("printed");
    for (arguments, part) in [
        (&["export", "cloudformation"][..], "AWS::DynamoDB::Table"),
        (&["export", "global-table", "--region", "eu-central-1"], "AWS::DynamoDB::GlobalTable"),
        (&["export", "terraform"], "aws_dynamodb_table"),
        (&["export", "cdk"], "CfnTable"),
        (&["export", "workbench"], "TableFacets"),
        (&["export", "json-schema"], "2020-12"),
        (&["export", "iam-policy", "--region", "eu-central-1"], "dynamodb:LeadingKeys"),
        (&["draw", "mermaid"], "erDiagram"),
        (&["draw", "html"], "<!DOCTYPE html>"),
        (&["completions", "bash"], "complete -F"),
        (&["--help"], "Exit codes: 0"),
    ] {
        let printed = run(&folder, arguments);
        assert_eq!(printed.code, 0, "{arguments:?}: {}", printed.err);
        assert!(printed.out.contains(part), "{arguments:?}: {}", printed.out);
    }
    for wrong in [&["export", "nothing"][..], &["verify"], &["load"], &[]] {
        assert_eq!(run(&folder, wrong).code, 2, "{wrong:?}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_lock_is_written_and_held() {
    let folder = folder("lock");
    assert_eq!(run(&folder, &["lock"]).code, 0);
    let lock = fs::read_to_string(folder.join("schema.lock.json")).unwrap();
    assert!(lock.contains("\"Order.total\": \"N 0..=18446744073709551615\""), "{lock}");
    // As if an older program had stored greater numbers.
    let wider = lock.replace(
        "\"Order.order_id\": \"N 0..=4294967295\"",
        "\"Order.order_id\": \"N 0..=9999999999\"",
    );
    assert_ne!(wider, lock);
    fs::write(folder.join("schema.lock.json"), wider).unwrap();
    let broken = run(&folder, &["lock", "--json"]);
    assert_eq!(broken.code, 3, "{}", broken.err);
    assert!(
        broken.out.contains("items with more than 4294967295 cannot be read"),
        "{}",
        broken.out
    );
    assert_eq!(run(&folder, &["lock", "--accept", "there are none"]).code, 0);
    assert_eq!(run(&folder, &["lock"]).code, 0);
    assert!(
        fs::read_to_string(folder.join("schema.lock.json")).unwrap().contains("there are none")
    );
    fs::remove_dir_all(&folder).unwrap();
}
