//! What went wrong, as an error of an operation holds it.

use std::fmt;

use super::inapplicable::Inapplicable;
use super::not_ready::IndexNotReady;
use super::unmet::Unmet;
use super::{Leftover, SeveralError};
use crate::client::CallErrorKind;
use crate::codec::{DecodeError, EncodeError};
use crate::expression::ExpressionError;
use crate::key::KeyError;

/// Any error, as the closure of `modify` may give one.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug)]
pub(crate) enum ErrorKind {
    /// Found before anything was sent.
    Expression(ExpressionError),
    Key(KeyError),
    Encode(EncodeError),
    VersionExhausted,
    KeyChanged,
    /// A write that does not know which guards are the item's.
    UniqueUnknown,
    Several(SeveralError),
    /// The response did not fit the entity.
    Decode(DecodeError),
    /// The response lacked a member that DynamoDB always sends.
    Incomplete {
        member: &'static str,
    },
    /// The record of a stream lacks an image of the item.
    NoImage {
        member: &'static str,
    },
    Call(CallErrorKind),
    /// A write's condition did not hold.
    ConditionFailed(Unmet),
    /// The closure of `modify`, or the function of a backfill, ended it.
    Aborted(BoxError),
    /// The service applied nothing of a transaction.
    Cancelled {
        reasons: String,
        is_throttled: bool,
    },
    /// A batch was not done as a whole.
    Leftover(Leftover),
}

impl ErrorKind {
    /// What this is of, whose text is in its own.
    pub(super) fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) | Self::Expression(ExpressionError::Key(error)) => Some(error),
            Self::Encode(error) | Self::Expression(ExpressionError::Value { error, .. }) => {
                Some(error)
            }
            Self::Decode(error) => Some(error),
            Self::Leftover(leftover) => leftover.cause.as_ref().map(|cause| cause as _),
            _ => None,
        }
    }

    /// What caused this, whose text is not in its own.
    pub(super) fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Aborted(error) => Some(&**error),
            _ => None,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression(error) => error.fmt(f),
            Self::Key(error) => error.fmt(f),
            Self::Encode(error) => error.fmt(f),
            Self::VersionExhausted => f.write_str("the version cannot be raised any more"),
            Self::KeyChanged => {
                f.write_str("the closure of `modify` changed the key, and the key never changes")
            }
            Self::UniqueUnknown => f.write_str(
                "the entity has unique attributes, whose guards this write does not know: delete by `delete_entity` what was read, and ask for nothing back",
            ),
            Self::Several(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Incomplete { member } => write!(f, "the response has no `{member}`"),
            Self::NoImage { member } => write!(
                f,
                "the record has no `{member}`: give the table's stream the view type `NEW_AND_OLD_IMAGES`, or read what it has by `key`, `new_image` and `old_image`"
            ),
            Self::Call(kind) => match (Inapplicable::of(kind), IndexNotReady::of(kind)) {
                (Some(reason), _) => reason.fmt(f),
                (None, Some(reason)) => reason.fmt(f),
                (None, None) => kind.fmt(f),
            },
            Self::ConditionFailed(unmet) => unmet.fmt(f),
            Self::Aborted(_) => f.write_str("the function that was given ended it"),
            Self::Cancelled { reasons, .. } => {
                write!(f, "the transaction was cancelled: {reasons}")
            }
            Self::Leftover(leftover) => leftover.fmt(f),
        }
    }
}

impl From<ExpressionError> for ErrorKind {
    fn from(error: ExpressionError) -> Self {
        Self::Expression(error)
    }
}

impl From<KeyError> for ErrorKind {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<EncodeError> for ErrorKind {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl From<SeveralError> for ErrorKind {
    fn from(error: SeveralError) -> Self {
        Self::Several(error)
    }
}

impl From<DecodeError> for ErrorKind {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}
