//! `docs/compile-errors.md`: what each case of a mistake looks like, what the compiler says, and what to
//! write instead, all of it from the cases themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::{IN_THE_WORDS_OF_THE_COMPILER, Message, is_of_the_compiler, is_ours, messages};

/// The folders of the cases, in the order of the document. Those by hand break in on purpose, and are
/// no mistakes.
const TOPICS: [(&str, &str); 23] = [
    ("attributes", "The attributes of a derive"),
    ("fields", "The types of fields"),
    ("templates", "Keys that are made of fields"),
    ("raw_keys", "Keys in the form of other libraries"),
    ("keys", "Keys"),
    ("constants", "Constants"),
    ("unique", "Unique attributes"),
    ("documents", "Documents and enums"),
    ("evolution", "Older items"),
    ("serde", "Fields that serde stores"),
    ("forms", "Forms that other programs store"),
    ("writes", "Writes and their conditions"),
    ("conditions", "Conditions"),
    ("updates", "Updates"),
    ("paths", "Paths into documents, lists and maps"),
    ("queries", "Queries, indexes and scans"),
    ("collections", "Collections"),
    ("projections", "Projections"),
    ("vectors", "Vector indexes"),
    ("batches", "Batches"),
    ("transactions", "Transactions"),
    ("deliveries", "Writes that are sent exactly once"),
    ("client", "The client"),
];

/// What of a case is no topic of the document.
const LEFT_OUT: [&str; 1] = ["by_hand"];

/// The document is what the cases say; `UI=overwrite` writes it anew.
#[test]
fn the_document_of_the_compile_errors_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("docs/compile-errors.md");
    let document = document(&messages());
    if std::env::var_os("UI").is_some_and(|value| value == "overwrite") {
        fs::write(&file, &document).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == document,
        "docs/compile-errors.md is not what the cases say: \
         `UI=overwrite cargo test -p dynamo-tests --test ui compile_errors` writes it anew"
    );
}

/// Nothing is in a row that the case does not show.
#[test]
fn a_row_has_a_mistake_a_message_and_a_mend() {
    for row in messages().iter().flat_map(rows) {
        let Row { case, mistake, message, mend } = &row;
        assert!(!mistake.is_empty() && !message.is_empty(), "{case}: {mistake} {message}");
        assert!(!mend.is_empty(), "{case} has no mend: {message}");
        assert!(![mistake, message, mend].iter().any(|cell| cell.contains('\n')), "{case}");
    }
}

struct Row {
    case: String,
    /// The smallest piece of the case that shows it.
    mistake: String,
    message: String,
    mend: String,
}

fn document(messages: &[Message]) -> String {
    let mut topics: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for message in messages {
        let (topic, _) = message.case.split_once('/').unwrap();
        topics.entry(topic).or_default().extend(rows(message));
    }
    for topic in LEFT_OUT {
        topics.remove(topic);
    }
    let mut text = String::from(
        "# Compile errors\n\n\
         What does not compile, what the compiler says of it, and what to write instead. Each row is \
         a case of `tests/ui/fail`, and a test holds this document against them. To find a message, \
         search for a part of it without the names of your own types.\n\n",
    );
    for (topic, heading) in TOPICS {
        assert!(topics.contains_key(topic), "no case of `{topic}`");
        let anchor = heading.to_lowercase().replace(',', "").replace(' ', "-");
        writeln!(text, "- [{heading}](#{anchor})").unwrap();
    }
    for (topic, heading) in TOPICS {
        let mut rows = topics.remove(topic).unwrap();
        rows.sort_by(|one, other| one.case.cmp(&other.case));
        let mut told = BTreeSet::new();
        rows.retain(|row| told.insert(row.message.clone()));
        write!(text, "\n## {heading}\n\n| mistake | message | mend |\n|---|---|---|\n").unwrap();
        for Row { mistake, message, mend, .. } in rows {
            let [mistake, message, mend] = [code(&mistake), cell(&message), cell(&mend)];
            writeln!(text, "| {mistake} | {message} | {mend} |").unwrap();
        }
    }
    assert!(topics.is_empty(), "folders without a heading: {:?}", topics.keys());
    text
}

/// A row for each of the case's messages: those in words of ours, or else the first one.
fn rows(message: &Message) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    if LEFT_OUT.iter().any(|topic| message.case.starts_with(topic)) {
        return rows;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("ui/fail")
        .join(&message.case)
        .with_extension("rs");
    let source = fs::read_to_string(source).unwrap();
    let by_the_compiler =
        IN_THE_WORDS_OF_THE_COMPILER.iter().find(|(case, _)| *case == message.case);
    for error in message.errors() {
        let mend = match by_the_compiler {
            Some((_, mend)) => (*mend).to_owned(),
            None if is_ours(error) => mend(error),
            None => continue,
        };
        let row = Row {
            case: message.case.clone(),
            mistake: mistake(error, &source),
            message: first_line(error),
            mend,
        };
        let is_new = |known: &Row| known.message != row.message;
        // A message that is told in several places is one row.
        if LEFT_OUT.iter().all(|topic| !message.case.starts_with(topic)) && rows.iter().all(is_new)
        {
            rows.push(row);
        }
        if by_the_compiler.is_some() {
            break;
        }
    }
    rows
}

/// The message, and in the words of the compiler what it has found there.
fn first_line(error: &str) -> String {
    let line = error.lines().next().unwrap();
    let (_, words) = line.split_once(": ").unwrap();
    let words = words.trim_start_matches("evaluation panicked: ");
    match label(error) {
        Some(label) if words == "mismatched types" => format!("{words}: {label}"),
        _ => words.to_owned(),
    }
}

/// What stands beside the carets.
fn label(error: &str) -> Option<&str> {
    let line =
        error.lines().find(|line| line.trim_start().starts_with('|') && line.contains('^'))?;
    let (_, label) = line.rsplit_once('^')?;
    Some(label.trim()).filter(|label| !label.is_empty())
}

/// The help of a derive, or the label, where it says what to call, and the notes.
fn mend(error: &str) -> String {
    let help = |line: &str| line.trim_start().strip_prefix("help: ").map(str::to_owned);
    let mut before_place = error.lines().take_while(|line| !line.trim_start().starts_with("--> "));
    if let Some(help) = before_place.find_map(help) {
        return help;
    }
    let label = label(error).filter(|label| label.starts_with("call ")).map(str::to_owned);
    let note = |line: &str| line.trim_start().strip_prefix("= note: ").map(str::to_owned);
    let notes = error.lines().filter_map(note).filter(|note| !is_of_the_compiler(note));
    label.into_iter().chain(notes).collect::<Vec<_>>().join("; ")
}

/// The statement or the field that the message points at.
fn mistake(error: &str, source: &str) -> String {
    let place = error.lines().find_map(|line| line.trim_start().strip_prefix("--> ")).unwrap();
    let line: usize = place.split(':').nth(1).unwrap().parse().unwrap();
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let mut first = line - 1;
    // A call in a chain has its beginning above, a field its attributes.
    let goes_on = |place: usize| {
        lines[place].starts_with('.') || place > 0 && lines[place - 1].starts_with("#[dynamo(")
    };
    while first > 0 && goes_on(first) && line - first < 4 {
        first -= 1;
    }
    let mut text = String::new();
    for part in &lines[first..line] {
        if !text.is_empty() && !part.starts_with('.') {
            text.push(' ');
        }
        text.push_str(part);
    }
    let text = text.strip_prefix("let _ = ").unwrap_or(&text);
    let text = shortened(text.trim_end_matches([',', ';']));
    match text.strip_suffix('{') {
        Some(text) => format!("{text}{{ .. }}"),
        None => text,
    }
}

/// How often a letter is shown that a case repeats to be too long.
const LONGEST_RUN: usize = 8;

/// Without what is only there to be long.
fn shortened(text: &str) -> String {
    let mut short = String::new();
    let mut run = 0;
    for letter in text.chars() {
        run = if short.ends_with(letter) { run + 1 } else { 0 };
        if run < LONGEST_RUN {
            short.push(letter);
        }
    }
    short
}

/// As code in a cell of a table.
fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    cell(&format!("{fence}{text}{fence}"))
}

/// Within a cell of a table, a bar must not end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
