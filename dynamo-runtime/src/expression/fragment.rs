//! A piece of an expression: tokens, and the values they stand for.

use std::cmp::Ordering;
use std::fmt;

use super::error::ExpressionError;
use super::path::{DocumentPath, Step};
use crate::codec::equality::stored_order;
use crate::codec::{Encoding, Writer, is_empty_value};
use crate::key::KeyError;

/// A piece of an expression, which only this crate can make.
///
/// Tokens in the order of the expression. The bytes of the values stand in `values`, one after
/// the other in the order of their tokens, and so do the keys of maps in `keys`: appending one
/// fragment to another moves nothing.
#[derive(Clone, Default)]
#[doc(hidden)]
pub struct Fragment {
    pub(super) tokens: Vec<Token>,
    pub(super) keys: String,
    pub(super) values: Vec<u8>,
    /// Of the values, in bytes of DynamoDB's reckoning.
    pub(super) size: usize,
    /// Apart from the rest, so that a fragment is small to move.
    pub(super) error: Option<Box<ExpressionError>>,
}

/// What there is room for before anything is moved: most expressions have no more.
const USUAL_TOKENS: usize = 16;
const USUAL_VALUES: usize = 64;

#[derive(Clone, Copy)]
pub(super) enum Token {
    /// An attribute's name, sent as a placeholder.
    Name(&'static str),
    /// The next so many bytes of the keys, a name from run time, sent as a placeholder.
    Key(usize),
    /// The index of an element of a list.
    Index(usize),
    /// The next so many bytes of the values, sent as a placeholder.
    Value(usize),
    /// Fixed text of DynamoDB's grammar.
    Text(&'static str),
    /// Fixed text that DynamoDB counts as an operator or a function.
    Operator(&'static str),
}

impl Fragment {
    pub(crate) fn failed(error: ExpressionError) -> Self {
        Self { error: Some(Box::new(error)), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.error.is_none()
    }

    pub(crate) fn error(&self) -> Option<&ExpressionError> {
        self.error.as_deref()
    }

    pub(crate) fn fail(&mut self, error: ExpressionError) {
        self.error.get_or_insert_with(|| Box::new(error));
    }

    pub(crate) fn text(mut self, text: &'static str) -> Self {
        self.push_text(text);
        self
    }

    pub(crate) fn operator(mut self, text: &'static str) -> Self {
        self.push_operator(text);
        self
    }

    pub(crate) fn path(mut self, path: &DocumentPath) -> Self {
        self.push_path(path);
        self
    }

    /// Adds a value as the attribute at the path would store it.
    pub(crate) fn value<C: Encoding<T>, T>(mut self, path: &DocumentPath, value: &T) -> Self {
        self.push_value::<C, T>(path, value);
        self
    }

    /// Adds the one value that is written, which is for the attribute at the path.
    pub(crate) fn written(mut self, path: &DocumentPath, write: impl FnOnce(&mut Writer)) -> Self {
        self.push_written(path, write);
        self
    }

    pub(super) fn push_text(&mut self, text: &'static str) {
        self.push(Token::Text(text));
    }

    pub(super) fn push_operator(&mut self, text: &'static str) {
        self.push(Token::Operator(text));
    }

    pub(super) fn push_path(&mut self, path: &DocumentPath) {
        if let Some(error) = path.error() {
            self.fail(error.clone());
        }
        self.push(Token::Name(path.root()));
        for step in path.steps() {
            match step {
                Step::Name(name) => {
                    self.push_text(".");
                    self.push(Token::Name(name));
                }
                Step::Key(key) => {
                    self.push_text(".");
                    self.push(Token::Key(key.len()));
                    self.keys.push_str(key);
                }
                Step::Index(index) => self.push(Token::Index(*index)),
            }
        }
    }

    pub(super) fn push_value<C: Encoding<T>, T>(&mut self, path: &DocumentPath, value: &T) {
        self.push_written(path, |writer| C::encode(value, writer));
    }

    pub(super) fn push_written(&mut self, path: &DocumentPath, write: impl FnOnce(&mut Writer)) {
        let before = self.values.len();
        let mut buffer = std::mem::take(&mut self.values);
        if before == 0 {
            buffer.reserve(USUAL_VALUES);
        }
        let mut writer = Writer::appending_to(buffer, path.steps().len());
        write(&mut writer);
        let size = writer.item_size();
        match writer.finish() {
            Ok(values) => {
                self.push(Token::Value(values.len() - before));
                self.values = values;
                self.size += size;
            }
            Err(error) => self.fail(ExpressionError::Value { attribute: path.describe(), error }),
        }
    }

    /// Adds what stands between two of a list, unless nothing is before it.
    pub(super) fn push_between(&mut self, between: Token) {
        if !self.tokens.is_empty() {
            self.push(between);
        }
    }

    fn push(&mut self, token: Token) {
        if self.tokens.is_empty() {
            self.tokens.reserve(USUAL_TOKENS);
        }
        self.tokens.push(token);
    }

    /// The attributes of the item that its paths begin with.
    pub(crate) fn roots(&self) -> impl Iterator<Item = &'static str> {
        let before = std::iter::once(None).chain(self.tokens.iter().map(Some));
        self.tokens.iter().zip(before).filter_map(|(token, before)| match (token, before) {
            (Token::Name(_), Some(Token::Text("."))) => None,
            (Token::Name(name), _) => Some(*name),
            _ => None,
        })
    }

    /// Whether its only value is an empty text or binary.
    pub(crate) fn has_empty_value(&self) -> bool {
        is_empty_value(&self.values)
    }

    /// The encoded values, in the order of their tokens.
    pub(crate) fn encoded_values(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.values.as_slice();
        self.tokens.iter().filter_map(move |token| {
            let Token::Value(length) = token else { return None };
            let (value, after) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
            rest = after;
            Some(value)
        })
    }

    /// Its form as bytes, for what outlives a release of this crate: for each token a letter, and
    /// after its length what it holds.
    ///
    /// `n` is a name, `k` the key of a map, `i` the index of an element, `v` a value, whatever it
    /// is, and `t` text of DynamoDB's grammar, without its spaces.
    pub(crate) fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 * self.tokens.len());
        let mut keys = self.keys.as_str();
        let mut add = |kind: u8, content: &[u8]| {
            bytes.push(kind);
            bytes.extend_from_slice(&(content.len() as u64).to_be_bytes());
            bytes.extend_from_slice(content);
        };
        for token in &self.tokens {
            match token {
                Token::Name(name) => add(b'n', name.as_bytes()),
                Token::Key(length) => {
                    let (key, rest) = keys.split_at_checked(*length).unwrap_or((keys, ""));
                    add(b'k', key.as_bytes());
                    keys = rest;
                }
                Token::Index(index) => add(b'i', &(*index as u64).to_be_bytes()),
                Token::Value(_) => add(b'v', b""),
                Token::Text(text) | Token::Operator(text) => {
                    add(b't', text.replace(' ', "").as_bytes());
                }
            }
        }
        bytes
    }

    /// Whether a value is greater than the next one, in the order that DynamoDB has.
    pub(crate) fn is_descending(&self) -> bool {
        let next = self.encoded_values().skip(1);
        self.encoded_values()
            .zip(next)
            .any(|(value, next)| stored_order(value, next).is_some_and(Ordering::is_gt))
    }

    /// Fails unless every value is one that the check accepts.
    pub(crate) fn checked(mut self, check: impl FnMut(&[u8]) -> Result<(), KeyError>) -> Self {
        let checked = self.encoded_values().try_for_each(check);
        if let Err(error) = checked {
            self.fail(error.into());
        }
        self
    }

    pub(crate) fn append(self, other: Fragment) -> Self {
        if self.is_empty() {
            return other;
        }
        self.append_copy(&other)
    }

    fn append_copy(mut self, other: &Fragment) -> Self {
        self.tokens.extend_from_slice(&other.tokens);
        self.keys.push_str(&other.keys);
        self.values.extend_from_slice(&other.values);
        self.size += other.size;
        if let Some(error) = other.error() {
            self.fail(error.clone());
        }
        self
    }

    /// Both with what stands between them, or the one that is not empty.
    pub(crate) fn joined(self, between: fn(Self) -> Self, other: Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (true, _) => other,
            (false, true) => self,
            (false, false) => between(self).append(other),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        self.joined(|fragment| fragment.operator(" AND "), other)
    }

    /// One more element of a list.
    pub(crate) fn followed_by(self, other: Self) -> Self {
        self.joined(|fragment| fragment.text(", "), other)
    }

    pub(crate) fn in_parentheses(mut self) -> Self {
        self.tokens.insert(0, Token::Text("("));
        self.text(")")
    }
}

/// The shape with names, and never a value or the key of a map.
impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for token in &self.tokens {
            match token {
                Token::Name(name) => f.write_str(name)?,
                Token::Index(index) => write!(f, "[{index}]")?,
                Token::Key(_) | Token::Value(_) => f.write_str("?")?,
                Token::Text(text) | Token::Operator(text) => f.write_str(text)?,
            }
        }
        match &self.error {
            Some(error) => write!(f, " (invalid: {error})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stays_whatever_is_appended() {
        let failed = || Fragment::failed(ExpressionError::NoLimit);
        let other = || Fragment::failed(ExpressionError::NoVersion).text("x");
        for fragment in [failed().append(other()), failed().and(other()), failed().text("x")] {
            assert!(matches!(fragment.error(), Some(ExpressionError::NoLimit)), "{fragment:?}");
        }
        for fragment in [Fragment::default().append(failed()), Fragment::default().and(failed())] {
            assert!(matches!(fragment.error(), Some(ExpressionError::NoLimit)), "{fragment:?}");
        }
    }
}
