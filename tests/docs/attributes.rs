//! `docs/attributes.md` has each word of the derives, where it may be said, and an example of it.

use std::collections::BTreeSet;
use std::fs;

use crate::documents::{programs_of, read, root, rows};

/// The words of each place, as the derives declare them.
fn declared() -> BTreeSet<(String, String)> {
    let mut words = BTreeSet::new();
    for entry in fs::read_dir(root().join("dynamo-derive/src/attr")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        for vocabulary in source.split(": Vocabulary<").skip(1) {
            // A function that takes one has no list.
            let Some((_, list)) = vocabulary.split_once("words: &[") else { continue };
            let (head, _) = vocabulary.split_once("words: &[").unwrap();
            let Some(of) = head.split('"').nth(1) else { continue };
            let place = of.trim_start_matches("an ").trim_start_matches("a ").replace("(..)", "");
            let (list, _) = list.split_once("elsewhere:").unwrap();
            for word in list.split("word(").skip(1) {
                words.insert((word.split('"').nth(1).unwrap().to_owned(), place.clone()));
            }
        }
    }
    words
}

#[test]
fn the_reference_has_the_words_of_the_derives_and_no_others() {
    let declared = declared();
    assert!(declared.len() > 60, "{declared:?}");
    let reference = read("docs/attributes.md");
    let mut listed = BTreeSet::new();
    for row in rows(&reference, "| word | on |") {
        for place in row[1].split(", ") {
            let word = row[0].trim_matches('`').to_owned();
            assert!(listed.insert((word, place.to_owned())), "twice: {row:?}");
        }
    }
    assert_eq!(listed, declared);
}

#[test]
fn each_example_is_of_its_word_and_stands_in_the_program() {
    let reference = read("docs/attributes.md");
    let program = programs_of(&reference);
    for row in rows(&reference, "| word | on |") {
        let (word, example) = (row[0].trim_matches('`'), row[3].trim_matches('`'));
        assert!(example.contains(word), "{row:?}");
        assert!(program.contains(example), "not in the program: {example}");
    }
}
