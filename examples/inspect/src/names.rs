//! Names of the table as Rust has them.

use std::collections::BTreeSet;

const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = None;
    for it in name.chars() {
        let begins = it.is_uppercase()
            && before.is_some_and(|it: char| it.is_lowercase() || it.is_numeric());
        if begins || !it.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| it.is_ascii_alphanumeric()) {
            word.extend(it.to_lowercase());
        }
        before = Some(it);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The name of a field, which no other one of `taken` has.
pub(crate) fn field(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut field = words(name).join("_");
    if field.is_empty() || field.starts_with(|it: char| it.is_ascii_digit()) {
        field.insert_str(0, "field_");
    }
    unique(&field, taken)
}

/// The field as it is written: a keyword by `r#`, but for those that cannot be.
pub(crate) fn written(field: &str) -> String {
    match field {
        "self" | "super" | "crate" => format!("{field}_"),
        field if KEYWORDS.contains(&field) => format!("r#{field}"),
        field => field.to_owned(),
    }
}

/// The name of a type, which no other one of `taken` has.
pub(crate) fn of_type(name: &str, taken: &mut BTreeSet<String>) -> String {
    let capital = |word: String| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    let mut name: String = words(name).into_iter().map(capital).collect();
    if name.is_empty() || name.starts_with(|it: char| it.is_ascii_digit()) {
        name.insert_str(0, "Item");
    }
    unique(&name, taken)
}

fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut found = name.to_owned();
    let mut number = 2;
    while !taken.insert(found.clone()) {
        found = format!("{name}{number}");
        number += 1;
    }
    found
}

/// What `rename_all = "camelCase"` makes of a field.
pub(crate) fn camel_case(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        name + &letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default()
            + letters.as_str()
    })
}
