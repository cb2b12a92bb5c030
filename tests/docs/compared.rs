//! `docs/compared.md` answers each question for each library, with its version and a source.

use crate::documents::{read, rows};

#[test]
fn each_cell_is_an_answer_and_has_its_source() {
    let compared = read("docs/compared.md");
    let rows: Vec<_> = rows(&compared, "| what | dynamo ");
    assert!(rows.len() > 25, "{rows:?}");
    for row in rows {
        assert_eq!(row.len(), 8, "{row:?}");
        let is_heading = row[0].starts_with("**");
        for cell in &row[1..] {
            let is_answer =
                cell.starts_with("[yes](") || cell.starts_with("[partly](") || *cell == "no";
            assert_eq!(is_answer, !is_heading, "{row:?}");
            assert!(!cell.starts_with('[') || cell.ends_with(')'), "{row:?}");
        }
    }
}

#[test]
fn the_versions_that_are_measured_are_those_that_are_compared() {
    let compared = read("docs/compared.md");
    let heading = compared.lines().find(|line| line.starts_with("| what |")).unwrap();
    let lock = read("Cargo.lock");
    for name in ["aws-sdk-dynamodb", "serde_dynamo", "modyne"] {
        let (_, package) = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).unwrap();
        let version = package.split('"').next().unwrap();
        assert!(heading.contains(&format!("{name} {version}")), "{name} {version}: {heading}");
    }
}
