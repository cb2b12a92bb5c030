//! What a reader of the published crates is told.

use std::collections::BTreeSet;
use std::path::Path;

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap()
}

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
