//! A piece of an expression: tokens, and the values they stand for.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::path::{DocumentPath, MAX_PATH_ELEMENTS, Step};
use crate::codec::same::stored_order;
use crate::codec::{EncodeError, Encoding, MAX_KEY_SIZE, Writer, is_empty_value};
use crate::key::KeyError;

/// The most operands of `IN`.
///
/// Source: [Operator and function reference](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).
pub(crate) const MAX_LIST_OPERANDS: usize = 100;

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
    pub(super) error: Option<ExpressionError>,
}

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
        Self { error: Some(error), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tokens.is_empty() && self.error.is_none()
    }

    pub(crate) fn error(&self) -> Option<&ExpressionError> {
        self.error.as_ref()
    }

    pub(crate) fn fail(&mut self, error: ExpressionError) {
        self.error.get_or_insert(error);
    }

    pub(crate) fn text(mut self, text: &'static str) -> Self {
        self.tokens.push(Token::Text(text));
        self
    }

    pub(crate) fn operator(mut self, text: &'static str) -> Self {
        self.tokens.push(Token::Operator(text));
        self
    }

    pub(crate) fn path(mut self, path: &DocumentPath) -> Self {
        if let Some(error) = path.error() {
            self.fail(error.clone());
        }
        self.tokens.push(Token::Name(path.root()));
        for step in path.steps() {
            match step {
                Step::Name(name) => self.tokens.extend([Token::Text("."), Token::Name(name)]),
                Step::Key(key) => {
                    self.tokens.extend([Token::Text("."), Token::Key(key.len())]);
                    self.keys.push_str(key);
                }
                Step::Index(index) => self.tokens.push(Token::Index(*index)),
            }
        }
        self
    }

    /// Adds a value as the attribute at the path would store it.
    pub(crate) fn value<C: Encoding<T>, T>(self, path: &DocumentPath, value: &T) -> Self {
        self.written(path, |writer| C::encode(value, writer))
    }

    /// Adds the one value that is written, which is for the attribute at the path.
    pub(crate) fn written(mut self, path: &DocumentPath, write: impl FnOnce(&mut Writer)) -> Self {
        let before = self.values.len();
        let buffer = std::mem::take(&mut self.values);
        let mut writer = Writer::appending_to(buffer, path.steps().len());
        write(&mut writer);
        match writer.finish() {
            Ok(values) => {
                self.tokens.push(Token::Value(values.len() - before));
                self.values = values;
            }
            Err(error) => self.fail(ExpressionError::Value { attribute: path.describe(), error }),
        }
        self
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

    /// Nothing yet, with room for these fragments and as many tokens more.
    pub(super) fn with_room_for<'a>(
        fragments: &(impl Iterator<Item = &'a Self> + Clone),
        tokens: usize,
    ) -> Self {
        let sum = |length: fn(&Self) -> usize| fragments.clone().map(length).sum();
        let own: usize = sum(|fragment| fragment.tokens.len());
        Self {
            tokens: Vec::with_capacity(own + tokens),
            keys: String::with_capacity(sum(|fragment| fragment.keys.len())),
            values: Vec::with_capacity(sum(|fragment| fragment.values.len())),
            error: None,
        }
    }

    pub(crate) fn append(self, other: Fragment) -> Self {
        if self.is_empty() {
            return other;
        }
        self.append_copy(&other)
    }

    pub(super) fn append_copy(mut self, other: &Fragment) -> Self {
        self.tokens.extend_from_slice(&other.tokens);
        self.keys.push_str(&other.keys);
        self.values.extend_from_slice(&other.values);
        if let Some(error) = &other.error {
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

/// What makes an expression one that DynamoDB would reject, or a guard that would vanish.
#[derive(Clone, Debug)]
pub(crate) enum ExpressionError {
    EmptyList {
        operation: &'static str,
    },
    NoElements {
        attribute: Cow<'static, str>,
        operation: &'static str,
    },
    TooManyOperands {
        attribute: Cow<'static, str>,
        count: usize,
    },
    EmptyPrefix {
        attribute: Cow<'static, str>,
    },
    EmptyText {
        attribute: Cow<'static, str>,
    },
    ReversedBounds {
        attribute: Cow<'static, str>,
    },
    Value {
        attribute: Cow<'static, str>,
        error: EncodeError,
    },
    Key(KeyError),
    WrittenTwice {
        attribute: Cow<'static, str>,
    },
    Overlapping {
        attribute: Cow<'static, str>,
        other: Cow<'static, str>,
    },
    PathTooDeep {
        attribute: Cow<'static, str>,
    },
    IndexTooLarge {
        attribute: Cow<'static, str>,
        index: usize,
    },
    MapKeySize {
        attribute: Cow<'static, str>,
        size: usize,
    },
    NoActions,
    NoVersion,
    /// A query is given what is no key of what it queries, or a filter that is on one.
    NotItsKey,
    /// A global index is to be read consistently.
    GlobalIndex,
    /// A sort key of another index.
    NotSortKey {
        attribute: &'static str,
    },
    NoLimit,
    CursorOfAnotherQuery,
    TooManySegments,
    PartOfSegments,
    /// An attribute that the index does not have.
    NotProjected {
        attribute: &'static str,
        index: &'static str,
    },
    /// All attributes of an index that has some.
    NotAllProjected {
        index: &'static str,
    },
    TooLong {
        size: usize,
    },
    TooManyOperators {
        count: usize,
    },
    ValuesTooLarge {
        size: usize,
    },
}

impl ExpressionError {
    /// The attribute that it is about, as it is named in the table.
    pub(crate) fn attribute(&self) -> Option<&str> {
        match self {
            Self::NoElements { attribute, .. }
            | Self::TooManyOperands { attribute, .. }
            | Self::EmptyPrefix { attribute }
            | Self::EmptyText { attribute }
            | Self::ReversedBounds { attribute }
            | Self::Value { attribute, .. }
            | Self::WrittenTwice { attribute }
            | Self::Overlapping { attribute, .. }
            | Self::PathTooDeep { attribute }
            | Self::IndexTooLarge { attribute, .. }
            | Self::MapKeySize { attribute, .. } => Some(attribute),
            Self::NotProjected { attribute, .. } | Self::NotSortKey { attribute } => {
                Some(attribute)
            }
            Self::Key(error) => Some(error.attribute()),
            Self::EmptyList { .. }
            | Self::NoActions
            | Self::NoVersion
            | Self::NotItsKey
            | Self::GlobalIndex
            | Self::NoLimit
            | Self::CursorOfAnotherQuery
            | Self::TooManySegments
            | Self::PartOfSegments
            | Self::NotAllProjected { .. }
            | Self::TooLong { .. }
            | Self::TooManyOperators { .. }
            | Self::ValuesTooLarge { .. } => None,
        }
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyList { operation } => write!(
                f,
                "`{operation}` was given an empty list, which would leave no condition at all"
            ),
            Self::NoElements { attribute, operation } => write!(
                f,
                "`{operation}` on `{attribute}` was given no elements, and DynamoDB has no empty set"
            ),
            Self::TooManyOperands { attribute, count } => write!(
                f,
                "`is_in` on `{attribute}` was given {count} values, and DynamoDB allows {MAX_LIST_OPERANDS}"
            ),
            Self::EmptyPrefix { attribute } => write!(
                f,
                "the prefix for `{attribute}` is empty, which would fit every value"
            ),
            Self::EmptyText { attribute } => write!(
                f,
                "the text that `{attribute}` is to contain is empty, which is in every text"
            ),
            Self::ReversedBounds { attribute } => write!(
                f,
                "the bounds for `{attribute}` are reversed: the lower one is greater than the upper one"
            ),
            Self::Value { attribute, error } => write!(f, "the value for `{attribute}`: {error}"),
            Self::Key(error) => error.fmt(f),
            Self::WrittenTwice { attribute } => {
                write!(f, "the update writes `{attribute}` twice")
            }
            Self::Overlapping { attribute, other } => write!(
                f,
                "the update writes `{attribute}` and `{other}`, and one is a part of the other"
            ),
            Self::PathTooDeep { attribute } => write!(
                f,
                "the path `{attribute}` has more than {MAX_PATH_ELEMENTS} elements, and DynamoDB nests no deeper"
            ),
            Self::IndexTooLarge { attribute, index } => write!(
                f,
                "the path `{attribute}` has the index {index}, and no list in an item is as long"
            ),
            Self::MapKeySize { attribute, size } => write!(
                f,
                "the key of the map in `{attribute}` has {size} bytes, and DynamoDB takes 1 to {MAX_KEY_SIZE}"
            ),
            Self::NoActions => f.write_str(
                "the update has no action: add `.set(..)`, `.add(..)` or another before `.send(..)`",
            ),
            Self::NoVersion => f.write_str(
                "the entity has no field `#[dynamo(version)]` that could be checked",
            ),
            Self::NotItsKey => f.write_str(
                "the partition is not one of the table or the index that is queried, or a filter is on a key of it",
            ),
            Self::GlobalIndex => f.write_str("a global index has no consistent reads"),
            Self::NotSortKey { attribute } => {
                write!(f, "`{attribute}` is not the next part of the sort key that is queried")
            }
            Self::NoLimit => f.write_str("the limit is 0, so that nothing would be read"),
            Self::TooManySegments => {
                f.write_str("the scan has more segments than the 1,000,000 that DynamoDB allows")
            }
            Self::PartOfSegments => f.write_str(
                "a scan in segments takes neither a limit nor a cursor: take what is wanted from its stream, and go on by its checkpoint",
            ),
            Self::NotProjected { attribute, index } => write!(
                f,
                "the index `{index}` does not have `{attribute}`: add it to what `projects` names, or read it from the table"
            ),
            Self::NotAllProjected { index } => write!(
                f,
                "the index `{index}` does not have all attributes: read what `projects` names, and the rest from the table"
            ),
            Self::CursorOfAnotherQuery => f.write_str(
                "the cursor was given by another query: of another partition, another condition on the sort key, another order or a filter of another form",
            ),
            Self::TooLong { size } => write!(
                f,
                "the expression has {size} bytes, and DynamoDB allows {}",
                super::render::MAX_EXPRESSION_SIZE
            ),
            Self::TooManyOperators { count } => write!(
                f,
                "the expression has {count} operators, and DynamoDB allows {}",
                super::render::MAX_OPERATORS
            ),
            Self::ValuesTooLarge { size } => write!(
                f,
                "the values of the expression have {size} bytes, and DynamoDB allows {}",
                super::render::MAX_VALUES_SIZE
            ),
        }
    }
}

impl std::error::Error for ExpressionError {}

impl From<KeyError> for ExpressionError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
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
