//! What a reader of the published crates, and of the documents, is told.

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

/// The documents that name files and link to each other.
const DOCUMENTS: [&str; 14] = [
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "benches/README.md",
    "docs/README.md",
    "docs/certificates.md",
    "docs/design.md",
    "docs/engines.md",
    "docs/errors.md",
    "docs/expressions.md",
    "docs/hardening.md",
    "docs/performance.md",
    "examples/README.md",
];

/// The anchor of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn each_link_of_a_document_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut links = 0;
    for document in DOCUMENTS {
        let text = read(document);
        let folder = Path::new(document).parent().unwrap();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            if link.contains("://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let path = if file.is_empty() { document.into() } else { folder.join(file) };
            assert!(root.join(&path).exists(), "{document}: {link}");
            if !heading.is_empty() {
                let target = read(path.to_str().unwrap());
                let headings = target.lines().filter_map(|line| line.split_once("# "));
                let is_there = headings.into_iter().any(|(_, title)| anchor(title) == heading);
                assert!(is_there, "{document}: {link}");
            }
            links += 1;
        }
    }
    assert!(links > 40, "{links}");
}

#[test]
fn the_index_has_each_document() {
    let index = read("docs/README.md");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || index.contains(&format!("]({name})")), "{name}");
    }
}

#[test]
fn each_file_that_the_design_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let design = read("docs/design.md");
    let spans = design.split('`').skip(1).step_by(2);
    let is_path = |span: &&str| {
        let names = |end| span.ends_with(end);
        span.starts_with("tests/") || names(".rs") || names(".md") || names(".txt")
    };
    let paths: BTreeSet<_> = spans.filter(is_path).collect();
    assert!(paths.len() > 80, "{paths:?}");
    let is_there = |path: &str| {
        root.join(path).exists() || root.join("dynamo-runtime/src").join(path).exists()
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
