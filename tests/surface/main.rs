//! What is public of `dynamo-runtime`, by rustdoc's JSON: its listing in `docs/public-api.txt`, and
//! that each function has an example.
//!
//! `.ci/run` runs it, and `cargo test` alone does not: it documents the whole workspace.

mod crates;
mod examples;
mod listing;
mod signature;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crates::Crate;

const LISTING: &str = "docs/public-api.txt";
const ACCEPT: &str = "SURFACE=overwrite cargo test -p dynamo-tests --test surface";

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Some(json) = document(&root) else {
        eprintln!("the documentation has warnings or errors");
        return ExitCode::FAILURE;
    };
    let of_crate = Crate::read(&json);
    let listed = agrees(&root.join(LISTING), &listing::lines(&of_crate));
    let without = examples::missing(&of_crate);
    for function in &without {
        eprintln!("no example: {function}");
    }
    if !without.is_empty() {
        eprintln!("each needs an example that calls it and asserts, on its page or on its type's");
    }
    let shown = examples::are_shown(&of_crate);
    if !shown {
        eprintln!("the docs of `operation` show other entities than `example/orders.md` declares");
    }
    if listed && shown && without.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Documents the workspace, where a warning is an error, and gives the place of the crate's JSON.
fn document(root: &Path) -> Option<PathBuf> {
    let flags = "-D warnings -Z unstable-options --output-format json";
    let status = Command::new(env!("CARGO"))
        .args(["doc", "--workspace", "--no-deps", "--all-features", "--quiet"])
        .current_dir(root)
        .env("RUSTDOC", root.join("scripts/rustdoc-json"))
        .env("RUSTDOCFLAGS", flags)
        .status()
        .expect("cargo runs");
    status.success().then(|| target(root).join("doc/dynamo_runtime.json"))
}

/// The target folder, as cargo has it.
fn target(root: &Path) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    PathBuf::from(metadata["target_directory"].as_str().expect("a target folder"))
}

/// Whether the file has these lines; tells those that came and went, or writes the file if asked to.
fn agrees(path: &Path, lines: &BTreeSet<String>) -> bool {
    if std::env::var_os("SURFACE").is_some_and(|what| what == "overwrite") {
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        fs::write(path, text).expect("the listing is written");
        return true;
    }
    let text = fs::read_to_string(path).unwrap_or_default();
    let before: BTreeSet<String> = text.lines().map(str::to_owned).collect();
    for line in before.difference(lines) {
        eprintln!("- {line}");
    }
    for line in lines.difference(&before) {
        eprintln!("+ {line}");
    }
    if before != *lines {
        eprintln!("{LISTING} has another public interface; if this is meant: {ACCEPT}");
    }
    before == *lines
}
