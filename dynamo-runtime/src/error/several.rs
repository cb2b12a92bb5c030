//! What can be wrong with a batch or a transaction, and what of a batch was not processed.

use std::fmt;

use super::Error;

/// What DynamoDB would reject of a transaction or a batch: found before anything is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SeveralError {
    /// Two actions of a transaction.
    SameItem,
    /// Two writes of a batch.
    WrittenTwice,
    NoActions,
    TooManyActions {
        count: usize,
    },
    TransactionTooLarge {
        size: usize,
    },
    ClientToken,
    NoRandomness,
    /// DynamoDB would have forgotten the client token.
    DeadlineTooLong,
}

impl fmt::Display for SeveralError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameItem => f.write_str(
                "another action of the transaction is on the same item, and DynamoDB allows one",
            ),
            Self::WrittenTwice => f.write_str(
                "another write of the batch is on the same item, and it is not known which is to win",
            ),
            Self::NoActions => f.write_str("the transaction has no action"),
            Self::TooManyActions { count } => {
                write!(f, "the transaction has {count} actions, and DynamoDB allows 100")
            }
            Self::TransactionTooLarge { size } => write!(
                f,
                "the items of the transaction have {size} bytes, and DynamoDB allows 4194304"
            ),
            Self::ClientToken => f.write_str("the client token must have 1 to 36 characters"),
            Self::NoRandomness => {
                f.write_str("the system gave no random bytes for the client token")
            }
            Self::DeadlineTooLong => f.write_str(
                "the deadline is longer than 10 minutes, after which DynamoDB forgets the client token and would apply the transaction again",
            ),
        }
    }
}

/// What of a batch was not processed.
#[derive(Debug)]
pub(crate) struct Leftover {
    /// How many were not processed.
    pub(crate) left: usize,
    /// Of how many writes it is not known whether they were applied.
    pub(crate) unknown: usize,
    pub(crate) of: usize,
    /// Why no more was sent; else the service left them until the deadline.
    pub(crate) cause: Option<Error>,
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { left, unknown, of, cause } = self;
        write!(f, "{} of {of} were not processed", left + unknown)?;
        match cause {
            Some(cause) => write!(f, ": {}", cause.0),
            None => f.write_str(" before the deadline"),
        }
    }
}

/// The last error of a batch, but the throttling that used up the time rather than that it is used up.
pub(crate) fn more_telling(before: Option<Error>, last: Option<Error>) -> Option<Error> {
    match last {
        Some(last) => Some(last.after(before).or_throttling()),
        None => before,
    }
}
