//! Whether each kind of refusal and each event of the audit, as the sources name them, came of a row.

use std::collections::BTreeSet;
use std::path::Path;

use dynamo_runtime::client::CertificateRule;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::driver::{Judgement, source};
use crate::row::{Expected, Row};

/// Where the client's refusals are worded.
const FOLDER: &str = "dynamo-runtime/src/client";
const STRAYS: &str = "dynamo-runtime/src/codec/stray.rs";
const AUDIT: &str = "dynamo-runtime/src/client/audit.rs";

/// What is shown as text in `client/` and is no refusal that a caller or the audit is told of.
const NO_REFUSALS: [&str; 10] = [
    "Attestation",
    "Authority",
    "Hex",
    "Host",
    "Region",
    "Role",
    "Rule",
    "ServiceError",
    "TableName",
    "Unasked",
];

/// Faults of the machinery, which no attack brings about.
const NO_ATTACKS: [&str; 2] = ["the client could not be built: {reason}", "it is no HTTP request"];

/// What no row and no test of a row shows, in words.
pub fn gaps(rows: &[&Row], judgements: &[Judgement]) -> Vec<String> {
    let judged: Vec<_> = judgements.iter().flatten().collect();
    let said: Vec<&str> = judged.iter().flat_map(|it| &it.said).map(String::as_str).collect();
    let events: BTreeSet<&str> =
        judged.iter().flat_map(|it| &it.events).map(String::as_str).collect();
    let held: Vec<_> = rows.iter().filter_map(|row| body_of_test(row)).collect();

    let rules = CertificateRule::ALL.iter().map(|rule| format!("(rule `{rule}`)"));
    let mut gaps: Vec<_> =
        rules.filter(|rule| !said.iter().any(|words| words.contains(rule))).collect();
    let names = names_of_events();
    assert!(names.len() > 5, "{AUDIT} names its events in another way");
    gaps.extend(names.into_iter().filter(|name| !events.contains(name.as_str())));
    let kinds = kinds();
    assert!(kinds.len() > 50, "{FOLDER} words its refusals in another way");
    for kind in kinds {
        let is_said = said.iter().any(|words| kind.is_in(words));
        let is_held = held.iter().any(|test| kind.is_named_in(test));
        let is_no_attack = NO_ATTACKS.contains(&kind.words.as_str());
        if !is_said && !is_held && !is_no_attack {
            gaps.push(format!("`{}` of {}", kind.words, kind.of));
        }
    }
    gaps
}

/// The source of the test that holds a row.
fn body_of_test(row: &Row) -> Option<String> {
    let Expected::HeldBy { file, test } = row.expected else { return None };
    let source = source(file).ok()?;
    let (_, body) = source.split_once(&format!("fn {test}()"))?;
    let end = body.find("#[test]").into_iter().chain(body.find("#[tokio::test")).min();
    Some(body[..end.unwrap_or(body.len())].to_owned())
}

/// A way in which a refusal is worded.
struct Kind {
    /// The type, and its variants that are worded so.
    of: String,
    variants: Vec<String>,
    /// As `write!` takes it.
    words: String,
}

impl Kind {
    /// Whether all that is fixed of it stands in a text, in this order.
    fn is_in(&self, text: &str) -> bool {
        let mut rest = text;
        self.fixed().into_iter().all(|part| match rest.split_once(part) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    }

    fn fixed(&self) -> Vec<&str> {
        self.words.split(['{', '}']).step_by(2).filter(|part| !part.trim().is_empty()).collect()
    }

    fn is_named_in(&self, test: &str) -> bool {
        let is_variant = self.variants.iter().any(|it| test.contains(&format!("::{it}")));
        is_variant || self.fixed().iter().all(|part| test.contains(part.trim()))
    }
}

fn kinds() -> Vec<Kind> {
    let mut files = vec![STRAYS.to_owned()];
    find_sources(FOLDER, &mut files);
    let mut kinds = Vec::new();
    for file in files {
        let tokens: TokenStream = source(&file).unwrap().parse().unwrap();
        let tokens: Vec<_> = tokens.into_iter().collect();
        for at in 0..tokens.len() {
            let from = &tokens[at..];
            let Some(of) = shown_type(from).or_else(|| wording_function(from)) else { continue };
            let block = from.iter().find_map(|it| match it {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
                _ => None,
            });
            if let Some(block) = block
                && !NO_REFUSALS.contains(&of.as_str())
            {
                collect(&of, block.stream(), &mut Arm::default(), &mut kinds);
            }
        }
    }
    kinds
}

/// Of `impl fmt::Display for Type`.
fn shown_type(tokens: &[TokenTree]) -> Option<String> {
    let words: Vec<_> = tokens.iter().take(7).map(ToString::to_string).collect();
    let is_display =
        words.first()? == "impl" && words.get(4)? == "Display" && words.get(5)? == "for";
    is_display.then(|| words.get(6).cloned())?
}

/// Of `fn .._fault(`, to which a `Display` leaves a part.
fn wording_function(tokens: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(word), TokenTree::Ident(name), ..] = tokens else { return None };
    (word == "fn" && name.to_string().ends_with("_fault")).then(|| name.to_string())
}

/// Each text of a block, with the variants that its arm is for.
fn collect(of: &str, tokens: TokenStream, arm: &mut Arm, kinds: &mut Vec<Kind>) {
    let mut before = [String::new(), String::new(), String::new()];
    for token in tokens {
        match &token {
            TokenTree::Group(group) => collect(of, group.stream(), arm, kinds),
            // `Self::Variant`, or of an enum with a name of one letter.
            TokenTree::Ident(name) if matches!(&before, [of, a, b] if (of == "Self" || of.len() == 1) && a == ":" && b == ":") =>
            {
                if arm.has_words {
                    *arm = Arm::default();
                }
                arm.variants.push(name.to_string());
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                if let Some(text) = text.filter(|text| is_worded(text)) {
                    arm.has_words = true;
                    let (of, variants) = (of.to_owned(), arm.variants.clone());
                    kinds.push(Kind { of, variants, words: text.replace("\\\"", "\"") });
                }
            }
            _ => {}
        }
        before.rotate_left(1);
        before[2] = token.to_string();
    }
}

/// The variants that one arm is for, and whether a text of it was found.
#[derive(Default)]
struct Arm {
    variants: Vec<String>,
    has_words: bool,
}

/// Whether there is more than what is put in between.
fn is_worded(text: &str) -> bool {
    text.split(['{', '}']).step_by(2).any(|part| part.len() > 3)
}

/// The sources of a folder that are no tests.
fn find_sources(folder: &str, files: &mut Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    for entry in std::fs::read_dir(path).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let inner = format!("{folder}/{name}");
        match name.split_once('.') {
            Some(("tests", _)) => {}
            Some((_, "rs")) => files.push(inner),
            None if name != "tests" => find_sources(&inner, files),
            _ => {}
        }
    }
}

/// The words of `AuditEvent::name`.
fn names_of_events() -> Vec<String> {
    let source = source(AUDIT).unwrap();
    let arms = source.lines().filter_map(|line| line.trim().strip_prefix("Self::"));
    arms.filter_map(|arm| arm.split_once(" { .. } => \"")?.1.split_once('"'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
