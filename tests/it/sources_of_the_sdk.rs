//! What the sources of the SDK's crates read, so that a new release with a new variable or region is noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dynamo_runtime::Region;
use serde_json::Value;

#[path = "../../dynamo-runtime/src/client/tests/built_crates.rs"]
mod built_crates;

/// Texts of the SDK's own tests and models that look like variables.
const NO_VARIABLES: &[&str] = &[
    "AWS_BACKUP",
    "AWS_SOME_KEY",
    "AWS_SOME_KEY_ANOTHER_SERVICE",
    "AWS_SOME_KEY_EC2",
    "AWS_SOME_KEY_S3",
    "AWS_SOME_KEY_SERVICE",
];

/// The folders of AWS's crates, by their names.
fn crates() -> BTreeMap<String, PathBuf> {
    built_crates::folders(|name| name.starts_with("aws-") && !name.starts_with("aws-lc-"))
}

fn each_source(folder: &Path, see: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_source(&path, see);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            see(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn document() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ambient.md"))
        .unwrap()
}

fn unaccounted(names: &BTreeSet<String>) -> Vec<&String> {
    let document = document();
    names.iter().filter(|name| !document.contains(&format!("\n| `{name}` |"))).collect()
}

/// The literals of a source.
fn literals(source: &str) -> impl Iterator<Item = &str> {
    source.lines().flat_map(|line| line.split('"').skip(1).step_by(2))
}

#[test]
fn every_variable_that_the_sdk_reads_is_accounted_for() {
    let mut names = BTreeSet::new();
    let is_name = |text: &&str| {
        ["AWS_", "SMITHY_", "LOG_", "_X_AMZN_"].iter().any(|prefix| text.starts_with(prefix))
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            && !NO_VARIABLES.contains(text)
    };
    for folder in crates().values() {
        each_source(&folder.join("src"), &mut |source| {
            names.extend(literals(source).filter(is_name).map(str::to_owned));
        });
    }
    assert!(names.len() > 40, "the sources were not found: {names:?}");
    assert_eq!(unaccounted(&names), Vec::<&String>::new(), "docs/ambient.md");
}

#[test]
fn every_profile_key_that_the_sdk_reads_is_accounted_for() {
    let mut names = BTreeSet::new();
    each_source(&built_crates::folder("aws-config").join("src"), &mut |source| {
        // As `pub(super) const USE_FIPS: &str = "use_fips_endpoint"` and `.profile("sdk_ua_app_id")`.
        let keys = source.lines().filter(|line| {
            let line = line.trim_start();
            line.starts_with("pub(super) const ") || line.starts_with(".profile(\"")
        });
        let is_key = |text: &&str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        names.extend(keys.flat_map(literals).filter(is_key).map(str::to_owned));
    });
    assert!(names.len() > 30, "the sources were not found: {names:?}");
    assert_eq!(unaccounted(&names), Vec::<&String>::new(), "docs/ambient.md");
}

#[test]
fn the_known_regions_are_those_of_the_sdk() {
    let folder = built_crates::folder("aws-sdk-dynamodb");
    let source = std::fs::read_to_string(folder.join("src/endpoint_lib.rs")).unwrap();
    let (_, json) = source.split_once("new_from_json(b\"").unwrap();
    let (json, _) = json.split_once("\").expect").unwrap();
    let partitions: Value = serde_json::from_str(&unescape(json)).unwrap();
    let mut theirs = BTreeSet::new();
    for partition in partitions["partitions"].as_array().unwrap() {
        let regions = partition["regions"].as_object().unwrap().keys();
        // `aws-global` and its like are no regions.
        theirs.extend(regions.filter(|name| !name.ends_with("-global")).map(String::as_str));
    }
    let ours: BTreeSet<_> = Region::known().map(|region| region.name()).collect();
    assert_eq!(ours, theirs);
}

/// The text of a Rust literal that has no escapes but of quotes and backslashes.
fn unescape(literal: &str) -> String {
    let mut text = String::with_capacity(literal.len());
    let mut characters = literal.chars();
    while let Some(character) = characters.next() {
        text.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    text
}
