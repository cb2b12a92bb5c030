//! One name means one thing, and a file holds one: no two files of a crate declare a type or a trait
//! of the same name, and none is too long to be read at one sitting.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What a file calls its own and no other file sees: each is private, and says what it is where it
/// stands.
const OF_A_FILE: [&str; 2] = ["Inner", "State"];

/// A file past about 500 lines becomes two.
const MOST_LINES: usize = 520;

#[test]
fn a_name_is_declared_in_one_file() {
    for (name, is_declared) in [("dynamo-runtime", "SecureClient"), ("dynamo-derive", "Entity")] {
        let mut declared: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        each_source(&root, &mut |path, text| {
            for item in names(TokenStream::from_str(text).unwrap()) {
                let file = path.strip_prefix(&root).unwrap().display().to_string();
                declared.entry(item).or_default().insert(file);
            }
        });
        assert!(declared.contains_key(is_declared), "{name}: nothing was read");
        declared.retain(|item, files| files.len() > 1 && !OF_A_FILE.contains(&item.as_str()));
        assert!(declared.is_empty(), "{name}: one name for several things: {declared:#?}");
    }
}

#[test]
fn a_file_is_read_at_one_sitting() {
    for name in ["dynamo-runtime", "dynamo-derive"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        let mut count = 0;
        let mut long = Vec::new();
        each_source(&root, &mut |path, text| {
            count += 1;
            if text.lines().count() > MOST_LINES {
                long.push(path.display().to_string());
            }
        });
        assert!(count > 50, "{name}: only {count} files were read");
        assert!(long.is_empty(), "of more than {MOST_LINES} lines: {long:#?}");
    }
}

/// Reads all sources of a folder, without the tests that stand in files of their own.
fn each_source(folder: &Path, read: &mut dyn FnMut(&Path, &str)) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            each_source(&path, read);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            read(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}

/// The names that a module declares, but for those of its tests and of the modules in it, which are
/// told by the module's name.
fn names(tokens: TokenStream) -> Vec<String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut names = Vec::new();
    let mut is_test = false;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                is_test |= group.stream().to_string().starts_with("cfg (test");
            }
            // The body of an item: what follows is another one.
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => is_test = false,
            TokenTree::Punct(punct) if punct.as_char() == ';' => is_test = false,
            TokenTree::Ident(word) if !is_test => {
                let is_declaration = ["struct", "enum", "trait", "type", "union"];
                if is_declaration.iter().any(|keyword| word == keyword)
                    && let Some(TokenTree::Ident(name)) = tokens.get(index + 1)
                {
                    names.push(name.to_string());
                }
            }
            _ => {}
        }
    }
    names
}
