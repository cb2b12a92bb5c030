//! What the documents name in their prose is there: functions, counters, files.

use std::collections::BTreeSet;

use crate::documents::{all, programs_of, prose, read, root};

/// The code in the lines of a text.
fn spans(text: &str) -> Vec<String> {
    let prose = prose(text);
    prose.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

fn chapters() -> Vec<String> {
    let is_chapter = |document: &String| document.starts_with("docs/book/");
    let chapters: Vec<_> = all().into_iter().filter(is_chapter).collect();
    assert!(chapters.len() > 10, "{chapters:?}");
    chapters
}

/// The type and the member of `Type::member`, whatever follows.
fn member(span: &str) -> Option<(&str, &str)> {
    let (ty, rest) = span.split_once("::")?;
    let name = |text: &str| text.chars().all(|it| it.is_alphanumeric() || it == '_');
    let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
    (name(ty) && ty.starts_with(char::is_uppercase)).then(|| (ty, &rest[..end]))
}

#[test]
fn each_function_that_a_chapter_names_is_public() {
    let surface = read("docs/public-api.txt");
    // Without the module in front: `client::Timeouts::deadline` is `Timeouts::deadline` to a reader.
    let mut members = BTreeSet::new();
    for line in surface.lines() {
        let path: Vec<_> = line.split("  ").next().unwrap().split("::").collect();
        if let [.., ty, name] = path[..] {
            members.insert((ty, name));
        }
    }
    let types: BTreeSet<_> = members.iter().map(|(ty, _)| *ty).collect();
    let of_entities = ["Operations", "Entity", "Collection"];
    let mut seen = 0;
    for chapter in chapters() {
        let text = read(&chapter);
        let programs = programs_of(&text);
        for span in spans(&text) {
            let Some((ty, name)) = member(&span) else { continue };
            seen += 1;
            let is_there = if types.contains(ty) {
                members.contains(&(ty, name))
            } else {
                // A type of the chapter itself, or of another: its operations, attributes and indexes.
                of_entities.iter().any(|it| members.contains(&(it, name)))
                    || programs.contains(&format!("{ty}::{name}"))
                    || name.chars().all(char::is_uppercase)
            };
            assert!(is_there, "{chapter}: `{span}`");
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn each_counter_that_a_document_names_is_counted() {
    let counters = read("dynamo-runtime/src/client/counters.rs");
    let documents = all().into_iter().map(|document| (spans(&read(&document)), document));
    for (spans, document) in documents {
        for span in spans.iter().filter(|span| span.starts_with("dynamo.client.")) {
            assert!(counters.contains(&format!("\"{span}\"")), "{document}: `{span}`");
        }
    }
}

#[test]
fn each_file_and_script_that_a_chapter_names_is_there() {
    for chapter in chapters() {
        for span in spans(&read(&chapter)) {
            let is_path =
                ["scripts/", "docs/", "examples/examples/"].iter().any(|it| span.starts_with(it));
            assert!(!is_path || root().join(&span).exists(), "{chapter}: `{span}`");
        }
    }
}

#[test]
fn each_variable_of_aws_that_a_chapter_names_is_one_that_the_client_knows() {
    let ambient = read("docs/ambient.md");
    let mut seen = 0;
    for chapter in chapters() {
        for span in spans(&read(&chapter)) {
            if span.starts_with("AWS_") || span.ends_with("_PROXY") {
                seen += 1;
                assert!(ambient.contains(&format!("`{span}`")), "{chapter}: `{span}`");
            }
        }
    }
    assert!(seen > 2, "{seen}");
}
