//! The text of a raw template, `"$app#userid_{user_id}"`, to its fixed text and its parts.

use super::segments::{Found, Mistake, is_field_name};
use crate::model::LetterCase;

/// The most characters that a part is filled up to.
const MAX_WIDTH: usize = 64;

/// The fixed text and the parts, which take turns.
pub(super) fn raw_segments(template: &str, casing: LetterCase) -> Result<Vec<Found<'_>>, Mistake> {
    let at = |start: usize, length: usize, wrong: &str, help: &str| {
        Err(Mistake::new(template, start, length, wrong, help))
    };
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut start = 0;
    while let Some(rest) = template.get(start..).filter(|rest| !rest.is_empty()) {
        let Some(inside) = rest.strip_prefix('{') else {
            let end = rest.find('{').unwrap_or(rest.len());
            let text = rest.get(..end).unwrap_or_default();
            if let Some(close) = text.find('}') {
                return at(start + close, 1, "this `}` closes no part", "a part is `{field}`");
            }
            check_case(template, start, text, casing)?;
            found.push(Found { start, text, part: None, width: 0 });
            start += end;
            continue;
        };
        let Some((inside, _)) = inside.split_once('}') else {
            return at(start, rest.len(), "this part is not closed", "a part is `{field}`");
        };
        let length = inside.len() + "{}".len();
        let (name, width) = match inside.split_once(':') {
            None => (inside, Some(0)),
            Some((name, width)) => (name, zeros(width)),
        };
        let Some(width) = width else {
            let wrong = "what follows the name of a part is how many characters it has at least";
            return at(start, length, wrong, "a number filled with zeros is `{field:05}`");
        };
        if !is_field_name(name) {
            let wrong = "a part is the name of a field";
            return at(start, length, wrong, "a part is `{field}`, or `{field:05}`");
        }
        if found.last().is_some_and(|before| before.part.is_some()) {
            let wrong = "two parts without text between them could be any two others";
            return at(start, length, wrong, "write the text that is between them in the table");
        }
        let text = rest.get(..length).unwrap_or_default();
        found.push(Found { start, text, part: Some(name), width });
        start += length;
    }
    if found.is_empty() {
        return at(0, 0, "a key cannot be empty", "write fixed text and parts: `user:{user_id}`");
    }
    Ok(found)
}

/// `05`: filled with zeros to five characters.
fn zeros(width: &str) -> Option<usize> {
    let digits = width.strip_prefix('0')?;
    digits.parse().ok().filter(|width| (1..=MAX_WIDTH).contains(width))
}

/// The fixed text is in the table as it is here.
fn check_case(template: &str, start: usize, text: &str, casing: LetterCase) -> Result<(), Mistake> {
    let (written, word) = match casing {
        LetterCase::Kept => return Ok(()),
        LetterCase::Lower => (text.to_lowercase(), "lower"),
        LetterCase::Upper => (text.to_uppercase(), "upper"),
    };
    if written == text {
        return Ok(());
    }
    let wrong = format!("the key is in {word} case, and this is not");
    let help = format!("write it as it is in the table: `{written}`");
    Err(Mistake::new(template, start, text.len(), wrong, help))
}
