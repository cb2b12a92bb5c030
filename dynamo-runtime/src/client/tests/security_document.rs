//! What `SECURITY.md` refers to is there, and its summary is short.

use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn a_visitor_reads_the_summary_in_a_minute() {
    let text = fs::read_to_string(repository().join("SECURITY.md")).unwrap();
    let (before, rest) = text.split_once("## Summary\n").unwrap();
    assert_eq!(before, "# Security\n\n", "the summary comes first");
    let summary = rest.split_once("\n## ").unwrap().0;
    let lines: Vec<_> = summary.lines().filter(|line| !line.is_empty()).collect();
    assert!(lines.len() <= 15, "{} lines", lines.len());
    assert!(summary.split_whitespace().count() <= 300, "too many words for a minute");
    for line in lines {
        assert!(line.starts_with("- **"), "a line of the summary says what it is about: {line}");
        // Links within the document lead to its headings.
        for anchor in line.split("](#").skip(1).filter_map(|it| it.split(')').next()) {
            let is_of = |heading: &str| {
                let words = heading.trim_start_matches('#').trim().to_lowercase();
                words.replace(' ', "-").replace(',', "") == anchor
            };
            assert!(text.lines().any(|it| it.starts_with('#') && is_of(it)), "#{anchor}");
        }
    }
}

/// Each row of the table of attackers names what checks it, and that is a file, a folder or rows of the matrix.
#[test]
fn every_claim_names_a_check_that_is_there() {
    let text = fs::read_to_string(repository().join("SECURITY.md")).unwrap();
    let (_, table) = text.split_once("| the attacker | what holds | checked in |\n").unwrap();
    let rows: Vec<_> = table.lines().skip(1).take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 20);
    let places = ["", "dynamo-runtime/src", "tests"].map(|place| repository().join(place));
    for row in rows {
        let checks = row.trim_end_matches('|').rsplit('|').next().unwrap();
        assert!(checks.contains('`') || checks.contains("rows "), "no check: {row}");
        for path in checks.split('`').skip(1).step_by(2) {
            let is_there = places.iter().any(|place| place.join(path).exists());
            assert!(is_there, "{path} is not there: {row}");
        }
    }
}
