//! A piece of an expression: tokens, and the values they stand for.

use std::fmt;

use crate::codec::{EncodeError, Encoding, Writer, is_empty_value};
use crate::key::KeyError;

/// The most operands of `IN`.
///
/// Source: [Operator and function reference](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).
pub(crate) const MAX_LIST_OPERANDS: usize = 100;

/// A piece of an expression, which only this crate can make.
///
/// Tokens in the order of the expression. The bytes of the values stand in `values`, one after
/// the other in the order of their tokens, so appending one fragment to another moves nothing.
#[derive(Clone, Default)]
#[doc(hidden)]
pub struct Fragment {
    pub(super) tokens: Vec<Token>,
    pub(super) values: Vec<u8>,
    pub(super) error: Option<ExpressionError>,
}

#[derive(Clone, Copy)]
pub(super) enum Token {
    /// An attribute's name, sent as a placeholder.
    Name(&'static str),
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

    pub(crate) fn name(mut self, name: &'static str) -> Self {
        self.tokens.push(Token::Name(name));
        self
    }

    pub(crate) fn text(mut self, text: &'static str) -> Self {
        self.tokens.push(Token::Text(text));
        self
    }

    pub(crate) fn operator(mut self, text: &'static str) -> Self {
        self.tokens.push(Token::Operator(text));
        self
    }

    /// Adds a value as the attribute `name` would store it.
    pub(crate) fn value<C: Encoding<T>, T>(mut self, name: &'static str, value: &T) -> Self {
        let before = self.values.len();
        let mut writer = Writer::appending_to(std::mem::take(&mut self.values));
        C::encode(value, &mut writer);
        match writer.finish() {
            Ok(values) => {
                self.tokens.push(Token::Value(values.len() - before));
                self.values = values;
            }
            Err(error) => self.fail(ExpressionError::Value { attribute: name, error }),
        }
        self
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

    /// Fails unless every value is one that the check accepts.
    pub(crate) fn checked(mut self, check: impl FnMut(&[u8]) -> Result<(), KeyError>) -> Self {
        let checked = self.encoded_values().try_for_each(check);
        if let Err(error) = checked {
            self.fail(error.into());
        }
        self
    }

    pub(crate) fn append(mut self, other: Fragment) -> Self {
        if self.tokens.is_empty() && self.error.is_none() {
            return other;
        }
        self.tokens.extend_from_slice(&other.tokens);
        self.values.extend_from_slice(&other.values);
        if let Some(error) = other.error {
            self.fail(error);
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

/// The shape with names, and never a value.
impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for token in &self.tokens {
            match token {
                Token::Name(name) => f.write_str(name)?,
                Token::Value(_) => f.write_str("?")?,
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
    EmptyList { operation: &'static str },
    TooManyOperands { attribute: &'static str, count: usize },
    EmptyPrefix { attribute: &'static str },
    EmptyText { attribute: &'static str },
    ReversedBounds { attribute: &'static str },
    Value { attribute: &'static str, error: EncodeError },
    Key(KeyError),
    WrittenTwice { attribute: &'static str },
    NoActions,
    NoVersion,
    NoLimit,
    CursorOfAnotherQuery,
    TooManySegments,
    PartOfSegments,
    TooLong { size: usize },
    TooManyOperators { count: usize },
    ValuesTooLarge { size: usize },
}

impl ExpressionError {
    /// The attribute that it is about, as it is named in the table.
    pub(crate) fn attribute(&self) -> Option<&'static str> {
        match self {
            Self::TooManyOperands { attribute, .. }
            | Self::EmptyPrefix { attribute }
            | Self::EmptyText { attribute }
            | Self::ReversedBounds { attribute }
            | Self::Value { attribute, .. }
            | Self::WrittenTwice { attribute } => Some(attribute),
            Self::Key(error) => Some(error.attribute()),
            Self::EmptyList { .. }
            | Self::NoActions
            | Self::NoVersion
            | Self::NoLimit
            | Self::CursorOfAnotherQuery
            | Self::TooManySegments
            | Self::PartOfSegments
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
            Self::NoActions => f.write_str(
                "the update has no action: add `.set(..)`, `.add(..)` or another before `.send(..)`",
            ),
            Self::NoVersion => f.write_str(
                "the entity has no field `#[dynamo(version)]` that could be checked",
            ),
            Self::NoLimit => f.write_str("the limit is 0, so that nothing would be read"),
            Self::TooManySegments => {
                f.write_str("the scan has more segments than the 1,000,000 that DynamoDB allows")
            }
            Self::PartOfSegments => f.write_str(
                "a scan in segments takes neither a limit nor a cursor: take what is wanted from its stream, and go on by its checkpoint",
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
