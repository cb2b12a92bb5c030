//! The tables of `docs/` name tests that are there.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whether one of these files has a test of this name.
fn has_test(files: &[PathBuf], name: &str) -> bool {
    let declared = [format!("fn {name}() {{"), format!("fn {name}(")];
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).any(|text| {
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        lines.iter().enumerate().any(|(place, line)| {
            let line = line.trim_start_matches("async ");
            let is_it = declared.iter().any(|declared| line.starts_with(declared));
            let before = lines.iter().take(place).rev().take_while(|line| line.starts_with('#'));
            is_it && before.into_iter().any(|line| line.ends_with("test]"))
        })
    })
}

/// The files that the module `a::b` can be in.
fn files_of(folder: &Path, module: &str) -> [PathBuf; 2] {
    let path = module.split("::").fold(folder.to_path_buf(), |path, part| path.join(part));
    [path.with_extension("rs"), path.join("mod.rs")]
}

/// Whether what the table names is there.
fn is_there(named: &str) -> bool {
    match named.split_once(':') {
        Some(("ui", case)) => {
            let case = root().join("tests/ui/fail").join(case);
            case.with_extension("rs").is_file() && case.with_extension("stderr").is_file()
        }
        Some(("it", test)) => test.rsplit_once("::").is_some_and(|(module, name)| {
            has_test(&files_of(&root().join("tests/it"), module), name)
        }),
        Some(("runtime", test)) => test.rsplit_once("::").is_some_and(|(module, name)| {
            has_test(
                &files_of(&root().join("dynamo-runtime/src"), &module.replace('/', "::")),
                name,
            )
        }),
        _ => false,
    }
}

#[test]
fn each_rule_names_tests_that_are_there() {
    each_row_names_tests("docs/expressions.md", "| rule", 35);
    each_row_names_tests("docs/engines.md", "| what | how", 8);
}

/// Of the table that begins with these titles.
fn each_row_names_tests(document: &str, titles: &str, least: usize) {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let table = text.lines().skip_while(|line| !line.starts_with(titles));
    let rows: Vec<_> = table.take_while(|line| line.starts_with('|')).skip(2).collect();
    assert!(rows.len() >= least, "{} rows of {document}", rows.len());
    let mut missing = Vec::new();
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [rule, _, shown] = cells.as_slice() else { panic!("no three cells: {row}") };
        assert!(shown.split_whitespace().count() > 0, "nothing shows: {rule}");
        missing.extend(shown.split_whitespace().filter(|named| !is_there(named)));
    }
    assert_eq!(missing, [""; 0]);
}

#[test]
fn what_is_not_there_is_told() {
    for named in [
        "ui:conditions/no_such_case",
        "it:conditions::no_such_test",
        "it:no_such_module::comparisons",
        "it:engine::client",
        "runtime:codec/tests::no_such_test",
        "comparisons",
    ] {
        assert!(!is_there(named), "{named}");
    }
    assert!(is_there("it:conditions::comparisons"));
}
