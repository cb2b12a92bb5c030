//! What a reader of the published crates, and of the documents, is told.

use std::collections::BTreeSet;
use std::fs;

use crate::documents::{read, root};

/// The names between backquotes in the first cell of each row of the table under `heading`.
fn first_cells<'a>(text: &'a str, heading: &str) -> BTreeSet<&'a str> {
    let (_, section) = text.split_once(heading).unwrap();
    let lines = section.lines().map(|line| line.trim_start_matches("//!").trim());
    let table = lines.skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = table.take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2)).collect()
}

#[test]
fn each_feature_stands_in_the_readme_and_on_the_front_page() {
    let manifest = read("dynamo-runtime/Cargo.toml");
    let (_, features) = manifest.split_once("[features]").unwrap();
    let lines = features.lines().take_while(|line| !line.starts_with("[dependencies]"));
    let names = lines.filter_map(|line| line.split_once(" = ["));
    let public: BTreeSet<_> = names
        .map(|(name, _)| name)
        .filter(|name| *name != "default" && !name.starts_with("__"))
        .collect();
    assert!(public.contains("local"), "{public:?}");
    assert_eq!(first_cells(&read("README.md"), "\n## Features\n"), public, "README.md");
    assert_eq!(first_cells(&read("dynamo-runtime/src/lib.rs"), "//! # Features"), public, "lib.rs");
}

#[test]
fn no_manifest_names_a_place_on_the_network() {
    for manifest in ["Cargo.toml", "dynamo-derive/Cargo.toml", "dynamo-runtime/Cargo.toml"] {
        assert!(!read(manifest).contains("://"), "{manifest}");
    }
}

#[test]
fn the_index_has_each_document() {
    for folder in ["docs", "docs/book"] {
        let index = read(&format!("{folder}/README.md"));
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let is_folder = entry.path().is_dir();
            let name = if is_folder { format!("{name}/README.md") } else { name };
            assert!(
                name == "README.md" || index.contains(&format!("]({name})")),
                "{folder}: {name}"
            );
        }
    }
}

#[test]
fn each_file_that_the_design_names_is_there() {
    let design = read("docs/design.md");
    let spans = design.split('`').skip(1).step_by(2);
    let is_path = |span: &&str| {
        let names = |end| span.ends_with(end);
        span.starts_with("tests/") || names(".rs") || names(".md") || names(".txt")
    };
    let paths: BTreeSet<_> = spans.filter(is_path).collect();
    assert!(paths.len() > 80, "{paths:?}");
    let is_there = |path: &str| {
        root().join(path).exists() || root().join("dynamo-runtime/src").join(path).exists()
    };
    let missing: Vec<_> = paths.into_iter().filter(|path| !is_there(path)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn each_decision_of_the_design_says_why_and_names_code_or_tests() {
    let design = read("docs/design.md");
    let decisions: Vec<_> = design.split("\n### ").skip(1).collect();
    assert!(decisions.len() > 70, "{}", decisions.len());
    for decision in decisions {
        assert!(decision.starts_with("Why "), "{decision}");
        assert!(decision.contains("\nCode") || decision.contains("\nTests: "), "{decision}");
    }
}
