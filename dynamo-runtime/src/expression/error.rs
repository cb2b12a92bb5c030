//! What is wrong with an expression before it is sent.

use std::borrow::Cow;
use std::fmt;

use super::limits::{
    MAX_EXPRESSION_SIZE, MAX_LIST_OPERANDS, MAX_OPERATORS, MAX_PATH_ELEMENTS, MAX_VARIABLES_SIZE,
};
use crate::codec::{EncodeError, MAX_ITEM_SIZE, MAX_KEY_SIZE};
use crate::key::KeyError;

/// What makes an expression one that DynamoDB would reject, or a condition empty.
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
    ComparedWithItself {
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
    OnlyRemovals,
    NoVersion,
    NoRandomness,
    /// A query is given what is no key of what it queries, or a filter that is on one.
    NotItsKey,
    /// An index that the entity does not declare.
    NotItsIndex {
        index: &'static str,
    },
    /// A global index is to be read consistently.
    GlobalIndex,
    /// A sort key of another index.
    NotSortKey {
        attribute: &'static str,
    },
    NoLimit,
    CursorOfAnotherQuery,
    CheckpointOfAnotherScan,
    /// A bound of a partition that is a key of another one.
    OtherPartition,
    NoSortKey,
    /// The keys that go on from one in the form of another library.
    UnderRawKey,
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
    /// Of a search: how many items it asks for.
    TopOutOfRange {
        top: usize,
    },
    FilteredTwice {
        attribute: &'static str,
    },
    /// A vector without a direction is searched for by its angle.
    ZeroVector {
        attribute: &'static str,
    },
    TooLong {
        size: usize,
    },
    TooManyOperators {
        count: usize,
    },
    VariablesTooLarge {
        size: usize,
    },
    ValueTooLarge {
        attribute: Cow<'static, str>,
        size: usize,
    },
    /// Of an update: what the item has at least when it is applied.
    ItemTooLarge {
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
            | Self::ComparedWithItself { attribute }
            | Self::Value { attribute, .. }
            | Self::ValueTooLarge { attribute, .. }
            | Self::WrittenTwice { attribute }
            | Self::Overlapping { attribute, .. }
            | Self::PathTooDeep { attribute }
            | Self::IndexTooLarge { attribute, .. }
            | Self::MapKeySize { attribute, .. } => Some(attribute),
            Self::NotProjected { attribute, .. }
            | Self::NotSortKey { attribute }
            | Self::FilteredTwice { attribute }
            | Self::ZeroVector { attribute } => Some(attribute),
            Self::Key(error) => Some(error.attribute()),
            Self::EmptyList { .. }
            | Self::NoActions
            | Self::OnlyRemovals
            | Self::NoVersion
            | Self::NoRandomness
            | Self::NotItsKey
            | Self::NotItsIndex { .. }
            | Self::GlobalIndex
            | Self::NoLimit
            | Self::CursorOfAnotherQuery
            | Self::CheckpointOfAnotherScan
            | Self::OtherPartition
            | Self::NoSortKey
            | Self::UnderRawKey
            | Self::TooManySegments
            | Self::PartOfSegments
            | Self::NotAllProjected { .. }
            | Self::TopOutOfRange { .. }
            | Self::TooLong { .. }
            | Self::TooManyOperators { .. }
            | Self::VariablesTooLarge { .. }
            | Self::ItemTooLarge { .. } => None,
        }
    }
}

impl fmt::Display for ExpressionError {
    #[expect(clippy::too_many_lines, reason = "one arm for each error")]
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
                "`is_in` on `{attribute}` was given {count} values, and DynamoDB is known to take {MAX_LIST_OPERANDS}"
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
            Self::ComparedWithItself { attribute } => write!(
                f,
                "the condition compares `{attribute}` with itself, which DynamoDB refuses: name two attributes"
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
            Self::OnlyRemovals => f.write_str(
                "the upsert only removes, and of that DynamoDB makes no item: call `update`, or add what the item is to have",
            ),
            Self::NoVersion => f.write_str(
                "the entity has no field `#[dynamo(version)]` that could be checked",
            ),
            Self::NoRandomness => {
                f.write_str("the system gave no random bytes for the version, which is a token")
            }
            Self::NotItsKey => f.write_str(
                "the partition is not one of the table or the index that is queried, or a filter is on a key of it, or a bound is none",
            ),
            Self::NotItsIndex { index } => write!(f, "the entity has no index `{index}`"),
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
            Self::TopOutOfRange { top } => {
                write!(f, "`top` is {top}, and a search gives 1 to 100 items: there are no pages")
            }
            Self::FilteredTwice { attribute } => write!(
                f,
                "the search has two filters on `{attribute}`, and DynamoDB takes one for each attribute"
            ),
            Self::ZeroVector { attribute } => write!(
                f,
                "what `{attribute}` is compared with is zero in all dimensions, so it has no angle: every item would be as near"
            ),
            Self::CursorOfAnotherQuery => f.write_str(
                "the cursor was given by another query: of another partition, another condition on the sort key, another order or a filter of another form",
            ),
            Self::OtherPartition => {
                f.write_str("the bound is a key of another partition than the one that is queried")
            }
            Self::NoSortKey => f.write_str("a partition without a sort key has no range"),
            Self::UnderRawKey => f.write_str(
                "which keys go on from a raw one is not known: give a range, or query one entity",
            ),
            Self::CheckpointOfAnotherScan => f.write_str(
                "the checkpoint was given by another scan, with a filter of another form",
            ),
            Self::TooLong { size } => write!(
                f,
                "the expression has {size} bytes, and DynamoDB allows {MAX_EXPRESSION_SIZE}"
            ),
            Self::TooManyOperators { count } => write!(
                f,
                "the expression has {count} operators, and DynamoDB allows {MAX_OPERATORS}"
            ),
            Self::VariablesTooLarge { size } => write!(
                f,
                "the names and the values of the expressions have {size} bytes, and DynamoDB allows {MAX_VARIABLES_SIZE}"
            ),
            Self::ValueTooLarge { attribute, size } => write!(
                f,
                "the value for `{attribute}` has {size} bytes, and DynamoDB takes items of {MAX_ITEM_SIZE}"
            ),
            Self::ItemTooLarge { size } => write!(
                f,
                "the item would have at least {size} bytes, and DynamoDB takes {MAX_ITEM_SIZE}"
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
