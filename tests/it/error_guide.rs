//! `docs/errors.md` names every error that a user can meet, and nothing that does not exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dynamo_runtime::WriteError;
use dynamo_runtime::prelude::*;

use crate::engine;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What the sources of the runtime declare.
#[derive(Default)]
struct Surface {
    /// The public functions, variants and fields of each type and trait.
    members: BTreeMap<String, BTreeSet<String>>,
    /// The types that are errors, and those that their functions give.
    errors: BTreeSet<String>,
    /// The codes of DynamoDB by which an error is recognised.
    codes: BTreeSet<String>,
}

impl Surface {
    fn read() -> Self {
        let mut surface = Self::default();
        let mut errors = BTreeSet::new();
        let mut public = BTreeSet::new();
        let mut given: BTreeMap<String, String> = BTreeMap::new();
        for (path, source) in sources(&root().join("dynamo-runtime/src")) {
            let folder = path.parent().unwrap();
            if path.ends_with("src/error.rs") || folder.ends_with("src/error") {
                surface.codes.extend(codes(&source));
            }
            // The type or trait, and whether all of its functions are public.
            let mut block: Option<(String, bool)> = None;
            let mut lines = source.lines();
            while let Some(line) = lines.next() {
                if let Some(name) = error_type(line) {
                    errors.insert(name.to_owned());
                }
                if line.starts_with("pub ") {
                    public.extend(block_of(line).map(str::to_owned));
                }
                if let Some(name) = block_of(line) {
                    surface.members.entry(name.to_owned()).or_default();
                    let is_trait = line.starts_with("pub trait ");
                    block = line.ends_with('{').then(|| (name.to_owned(), is_trait));
                }
                if line.starts_with('}') {
                    block = None;
                }
                let Some((name, is_trait)) = &block else { continue };
                let Some(member) = member(line, *is_trait) else { continue };
                surface.members.get_mut(name).unwrap().insert(member.to_owned());
                let mut signature = line.to_owned();
                while line.contains("fn ") && !signature.ends_with(['{', ';']) {
                    signature += lines.next().unwrap();
                }
                if let Some((_, output)) = signature.split_once("-> ") {
                    given.entry(name.clone()).or_default().push_str(output);
                }
            }
        }
        let mut next: Vec<_> = errors.intersection(&public).cloned().collect();
        while let Some(name) = next.pop() {
            let output = given.get(&name).cloned().unwrap_or_default();
            let names = output.split(|letter: char| !letter.is_alphanumeric());
            next.extend(names.filter(|name| public.contains(*name)).map(str::to_owned));
            next.retain(|name| !surface.errors.contains(name));
            surface.errors.insert(name);
        }
        surface
    }

    /// What the document lacks, and what it has that is not there.
    fn faults(&self, document: &str) -> Vec<String> {
        let named = named(document);
        let spans: BTreeSet<_> = code_spans(document).collect();
        let is_named = |name: &str| spans.iter().any(|span| words(span).any(|word| word == name));
        let mut faults = Vec::new();
        for name in &self.errors {
            if !is_named(name) {
                faults.push(format!("`{name}` is not named"));
            }
            for member in &self.members[name] {
                if !named.contains(&(name.as_str(), member.as_str())) {
                    faults.push(format!("`{name}::{member}` is not named"));
                }
            }
        }
        for code in &self.codes {
            if !is_named(code) {
                faults.push(format!("the code `{code}` is not named"));
            }
        }
        for (name, member) in named {
            if !self.members.get(name).is_some_and(|members| members.contains(member)) {
                faults.push(format!("`{name}::{member}` does not exist"));
            }
        }
        faults
    }
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            found.push((path, source));
        }
    }
    found
}

fn name_at_start(text: &str) -> &str {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    &text[..text.find(|letter| !is_part(letter)).unwrap_or(text.len())]
}

/// The type of `impl std::error::Error for Type<..>`.
fn error_type(line: &str) -> Option<&str> {
    let (header, name) = line.strip_prefix("impl")?.split_once("Error for ")?;
    let is_std = header.ends_with("std::error::") || header.trim_end().is_empty();
    (is_std || header.ends_with("> ")).then(|| name_at_start(name))
}

/// The type or trait whose public members stand in the block that begins here.
fn block_of(line: &str) -> Option<&str> {
    let declared = ["pub struct ", "pub enum ", "pub trait "];
    if let Some(rest) = declared.iter().find_map(|word| line.strip_prefix(word)) {
        return Some(name_at_start(rest));
    }
    let header = line.strip_prefix("impl").filter(|line| !line.contains(" for "))?;
    let name = match header.strip_prefix('<') {
        Some(generics) => generics.split_once("> ")?.1,
        None => header.trim_start(),
    };
    Some(name_at_start(name))
}

/// The public function, field or variant that this line of a block declares.
fn member(line: &str, is_trait: bool) -> Option<&str> {
    let line = line.strip_prefix("    ").filter(|line| !line.starts_with(' '))?;
    let words = ["pub ", "const ", "async ", "fn "];
    let rest = words.iter().fold(line, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    let is_public = line.starts_with("pub ") || (is_trait && line.starts_with("fn "));
    let is_variant = line.starts_with(char::is_uppercase);
    (is_public || is_variant).then(|| name_at_start(rest))
}

/// The texts of a source that have the form of a code of DynamoDB.
fn codes(source: &str) -> impl Iterator<Item = String> {
    let texts = source.split('"').filter(|text| {
        (text.ends_with("Exception") || text.ends_with("Exceeded"))
            && text.chars().all(char::is_alphabetic)
    });
    texts.map(str::to_owned)
}

/// What stands between backquotes, without the blocks of code.
fn code_spans(document: &str) -> impl Iterator<Item = &str> {
    let prose = document.split("```").step_by(2);
    prose.flat_map(|prose| prose.split('`').skip(1).step_by(2))
}

fn words(span: &str) -> impl Iterator<Item = &str> {
    span.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}

/// Each `Type::member` of the document.
fn named(document: &str) -> BTreeSet<(&str, &str)> {
    let paths = code_spans(document).filter_map(|span| span.split_once("::"));
    let paths = paths.map(|(name, member)| (name, name_at_start(member)));
    paths.filter(|(name, _)| name.starts_with(char::is_uppercase)).collect()
}

fn guide() -> String {
    fs::read_to_string(root().join("docs/errors.md")).unwrap()
}

#[test]
fn every_error_is_named_and_nothing_else() {
    let surface = Surface::read();
    for name in ["Error", "WriteError", "CancellationReason", "ThrottlingLimit", "BuildError"] {
        assert!(surface.errors.contains(name), "{name}: {:?}", surface.errors);
    }
    assert!(!surface.errors.contains("CallError"), "it is private: {:?}", surface.errors);
    let faults = surface.faults(&guide());
    assert!(faults.is_empty(), "docs/errors.md:\n{}", faults.join("\n"));
}

#[test]
fn what_is_missing_or_does_not_exist_is_told() {
    let surface = Surface::read();
    let guide = guide();
    for (from, to, fault) in [
        ("`Error::is_clock`", "its clock", "`Error::is_clock` is not named"),
        ("`Error::is_clock`", "`Error::is_early`", "`Error::is_early` does not exist"),
        ("`BuildError::is_trust`", "", "`BuildError::is_trust` is not named"),
        ("`ThrottlingLimit::Account`", "", "`ThrottlingLimit::Account` is not named"),
        ("`LocalEngineError`", "an error", "`LocalEngineError` is not named"),
        ("`RequestLimitExceeded`", "", "the code `RequestLimitExceeded` is not named"),
    ] {
        let faults = surface.faults(&guide.replace(from, to));
        assert!(faults.iter().any(|found| found == fault), "{fault}: {faults:?}");
    }
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "error-guide-accounts")]
struct Account {
    #[dynamo(partition_key)]
    id: String,
    balance: u64,
}

/// The HTTP status with which a service answers a write that failed.
fn status(error: &WriteError<Account>) -> u16 {
    let cause = error.as_error();
    if error.is_outcome_unknown() || cause.is_throttled() {
        503 // try again, after a look at the account if the outcome is unknown
    } else if error.is_absent() {
        404
    } else if error.is_condition_failed() {
        409 // `error.current()` is the account as it is
    } else if cause.is_timeout() {
        504
    } else {
        500
    }
}

#[tokio::test]
async fn its_example_gives_each_status() {
    let guide = guide();
    let example = guide.split("```rust\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(include_str!("error_guide.rs").contains(example), "it is not the code above");

    let server = engine::embedded_engine().await;
    let client = SecureClient::local().engine(&server).table::<Account>().build().await.unwrap();
    let withdraw = |amount| Account::update(Account::key("a")).subtract(Account::BALANCE, amount);
    let failed =
        async |amount| status(&withdraw(amount).if_exists().send(&client).await.unwrap_err());
    assert_eq!(failed(1).await, 404);
    Account::create(Account { id: "a".to_owned(), balance: 5 }).send(&client).await.unwrap();
    assert_eq!(failed(6).await, 409);
    server.faults().lose_response("UpdateItem");
    assert_eq!(failed(1).await, 503);
    for _ in 0..3 {
        server.faults().fail("UpdateItem", 400, "ThrottlingException");
    }
    assert_eq!(failed(1).await, 503);
    server.faults().fail("UpdateItem", 400, "AccessDeniedException");
    assert_eq!(failed(1).await, 500);
    let in_no_time = withdraw(1).if_exists().deadline(std::time::Duration::ZERO);
    assert_eq!(status(&in_no_time.send(&client).await.unwrap_err()), 504);
}
