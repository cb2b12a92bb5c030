//! The table of the rows, on the terminal and in `docs/behaviour.md`.

use std::fmt::Write;
use std::path::Path;

use super::rows::{Operation, Row, all};

const BEGIN: &str = "<!-- The table: `BEHAVIOUR=overwrite cargo test -p dynamo-runtime --lib behaviour` writes it. -->\n";
const END: &str = "<!-- The end of the table. -->\n";

/// Prints the table, and fails where the document has another one.
pub(super) fn check() {
    let table = markdown();
    println!("{table}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/behaviour.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    if std::env::var("BEHAVIOUR").as_deref() == Ok("overwrite") {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(found, table, "docs/behaviour.md has another table");
    }
}

fn markdown() -> String {
    let mut table = "\n| what happens | the SDK | a read, or a write that may arrive twice | another write | why |\n|---|---|---|---|---|\n".to_owned();
    for row in all() {
        let unlike_sdk = |operation| {
            let Some(ours) = row.of_ours(operation) else { return "-".to_owned() };
            let unknown = if row.is_unknown(operation) { ", outcome unknown" } else { "" };
            if *ours == row.sdk { format!("the same{unknown}") } else { format!("{ours}{unknown}") }
        };
        let Row { name, sdk, why, .. } = &row;
        let (read, write) = (unlike_sdk(Operation::Read), unlike_sdk(Operation::Write));
        let why = why.join("; ");
        let _ = writeln!(table, "| {name} | {sdk} | {read} | {write} | {why} |");
    }
    table.push('\n');
    table
}
