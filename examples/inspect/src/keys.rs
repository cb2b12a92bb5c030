//! What the text of a key is made of.

use std::cmp::Reverse;
use std::fmt;

use serde_json::Value;

use crate::sighting::Item;

/// Fixed text and values of attributes, as a key has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyPattern {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) letters: Letters,
    /// In how many of the items that have the key it is so.
    pub(crate) holds_in: usize,
    pub(crate) of: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Fixed(String),
    /// The value of an attribute, with zeros before it up to so many characters.
    Part {
        attribute: String,
        width: usize,
    },
    /// A text that is no attribute's.
    Other,
}

/// The case in which a key has all of its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letters {
    AsStored,
    Lower,
    Upper,
}

/// So many readings of a key are tried on the others.
const MOST_READINGS: usize = 256;
/// A number is filled up with zeros to no more characters.
const MOST_DIGITS: usize = 20;

impl Letters {
    fn of(self, text: &str) -> String {
        match self {
            Self::AsStored => text.to_owned(),
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
        }
    }
}

impl KeyPattern {
    /// What the keys `name` of these items are made of, where one pattern is that of most of them.
    /// Attributes that `is_apart` names are no part of it.
    pub(crate) fn of(name: &str, items: &[&Item], is_apart: &dyn Fn(&str) -> bool) -> Option<Self> {
        let keys: Vec<_> =
            items.iter().filter_map(|item| Some((*item, text_of(item.get(name)?)?))).collect();
        let mut best: Option<Self> = None;
        for letters in [Letters::AsStored, Letters::Lower, Letters::Upper] {
            // Another program may have forgotten the first one.
            for (item, key) in keys.iter().take(3).filter(|(_, key)| letters.of(key) == *key) {
                let mut readings = Vec::new();
                read(key, 0, &parts(item, letters, is_apart), &mut Vec::new(), &mut readings);
                for pieces in readings {
                    let mut found = Self { pieces, letters, holds_in: 0, of: keys.len() };
                    let holds =
                        |(item, key): &&(&Item, &str)| found.written(item).as_deref() == Some(*key);
                    found.holds_in = keys.iter().filter(holds).count();
                    if best.as_ref().is_none_or(|best| found.rank() > best.rank()) {
                        best = Some(found);
                    }
                }
            }
        }
        best.filter(|best| best.holds_in * 2 > best.of).or_else(|| fixed_beginning(&keys))
    }

    /// What holds more often is better, then what has less fixed text.
    fn rank(&self) -> (usize, Reverse<usize>) {
        let fixed = self.pieces.iter().map(|piece| match piece {
            Piece::Fixed(text) => text.len(),
            _ => 0,
        });
        (self.holds_in, Reverse(fixed.sum()))
    }

    pub(crate) fn is_of_all(&self) -> bool {
        self.holds_in == self.of
    }

    /// Whether its fixed text is no value: such as the name of an entity before a part. Text without a
    /// part is so where the items say themselves of which entity they are.
    pub(crate) fn has_no_value(&self, are_told_apart: bool, is_sort_key: bool) -> bool {
        match &self.pieces[..] {
            [Piece::Fixed(_)] => are_told_apart && is_sort_key,
            [Piece::Fixed(_), Piece::Other] => are_told_apart,
            _ => true,
        }
    }

    /// Whether each item that has the parts has the key.
    pub(crate) fn is_in_each(&self, key: &str, items: &[&Item]) -> bool {
        items.iter().all(|item| item.contains_key(key) || self.written(item).is_none())
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Part { attribute, .. } => Some(attribute.as_str()),
            _ => None,
        })
    }

    fn written(&self, item: &Item) -> Option<String> {
        self.pieces.iter().try_fold(String::new(), |key, piece| match piece {
            Piece::Fixed(text) => Some(key + text),
            Piece::Part { attribute, width } => {
                let text = self.letters.of(&part(item, attribute)?);
                Some(format!("{key}{text:0>width$}"))
            }
            Piece::Other => None,
        })
    }
}

/// As in a template, with the names of the table.
impl fmt::Display for KeyPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Fixed(text) => f.write_str(text),
            Piece::Part { attribute, width: 0 } => write!(f, "{{{attribute}}}"),
            Piece::Part { attribute, width } => write!(f, "{{{attribute}:0{width}}}"),
            Piece::Other => f.write_str("{..}"),
        })
    }
}

fn text_of(value: &Value) -> Option<&str> {
    value.get("S")?.as_str()
}

/// The texts that can be a part of a key: each with the attribute and the width.
fn parts(item: &Item, letters: Letters, is_apart: &dyn Fn(&str) -> bool) -> Vec<(String, Piece)> {
    let mut parts = Vec::new();
    for name in item.keys().filter(|name| !is_apart(name)) {
        let Some(text) = part(item, name).filter(|text| !text.is_empty()) else { continue };
        let text = letters.of(&text);
        let is_number = item.get(name).is_some_and(|value| value.get("N").is_some());
        let longer = if is_number { text.len() + 1..MOST_DIGITS + 1 } else { 0..0 };
        for width in std::iter::once(0).chain(longer) {
            parts
                .push((format!("{text:0>width$}"), Piece::Part { attribute: name.clone(), width }));
        }
    }
    parts
}

/// A value as a part of a key.
fn part(item: &Item, name: &str) -> Option<String> {
    let value = item.get(name)?;
    let number = value.get("N").and_then(Value::as_str);
    match (number, value.get("BOOL").and_then(Value::as_bool)) {
        (Some(number), _) => Some(number.to_owned()),
        (None, Some(flag)) => Some(flag.to_string()),
        (None, None) => text_of(value).map(str::to_owned),
    }
}

/// The readings of a key: a part begins and ends where a word does.
fn read(
    key: &str,
    from: usize,
    parts: &[(String, Piece)],
    before: &mut Vec<Piece>,
    found: &mut Vec<Vec<Piece>>,
) {
    if found.len() == MOST_READINGS {
        return;
    }
    if from == key.len() {
        if before.iter().any(|piece| matches!(piece, Piece::Part { .. })) {
            found.push(before.clone());
        }
        return;
    }
    let rest = &key[from..];
    let is_delimiter = |it: char| !it.is_alphanumeric();
    let begins_here = key[..from].chars().next_back().is_none_or(is_delimiter);
    for (text, part) in parts.iter().filter(|_| begins_here) {
        let after = rest.strip_prefix(text.as_str());
        let is_new = !before.contains(part);
        if is_new && after.is_some_and(|after| after.chars().next().is_none_or(is_delimiter)) {
            before.push(part.clone());
            read(key, from + text.len(), parts, before, found);
            before.pop();
        }
    }
    // Or fixed text to where the next word begins.
    let end = rest
        .find(is_delimiter)
        .map_or(rest.len(), |end| end + rest[end..].chars().next().map_or(0, char::len_utf8));
    let fixed = rest[..end].to_owned();
    if let Some(Piece::Fixed(last)) = before.last_mut() {
        let length = last.len();
        last.push_str(&fixed);
        read(key, from + end, parts, before, found);
        if let Some(Piece::Fixed(last)) = before.last_mut() {
            last.truncate(length);
        }
    } else {
        before.push(Piece::Fixed(fixed));
        read(key, from + end, parts, before, found);
        before.pop();
    }
}

/// The words that all keys begin with, where nothing else is known; all of a key, where it is the
/// same in several items. Of one key only the first word is no value.
fn fixed_beginning(keys: &[(&Item, &str)]) -> Option<KeyPattern> {
    let (_, first) = keys.first()?;
    let mut pieces = Vec::new();
    if keys.len() > 1 && keys.iter().all(|(_, key)| key == first) {
        pieces.push(Piece::Fixed((*first).to_owned()));
    } else {
        let ends = first.match_indices(['#', ':', '|']).map(|(place, _)| place + 1);
        let most = if keys.len() == 1 { 1 } else { usize::MAX };
        let is_common =
            |end: &usize| keys.iter().all(|(_, key)| key.get(..*end) == first.get(..*end));
        let end = ends.take(most).filter(is_common).last()?;
        pieces.extend([Piece::Fixed(first.get(..end)?.to_owned()), Piece::Other]);
    }
    let letters = Letters::AsStored;
    Some(KeyPattern { pieces, letters, holds_in: keys.len(), of: keys.len() })
}
