//! The limits of keys.

use std::fmt;

use super::part::KeyPart;
use crate::codec::reads_back;

/// The longest partition key, in bytes.
///
/// Source: [Quotas in Amazon DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
pub(crate) const MAX_PARTITION_KEY_SIZE: usize = 2048;

/// The longest sort key, in bytes.
///
/// Source: [Quotas in Amazon DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
pub(crate) const MAX_SORT_KEY_SIZE: usize = 1024;

/// A key that DynamoDB would reject: found before anything is sent.
///
/// It is the cause of the operation's [`Error`](crate::Error):
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// use dynamo_runtime::KeyError;
///
/// let error = User::get(User::key("")).send(&client).await.unwrap_err();
/// let cause = error.cause_as::<KeyError>();
/// assert_eq!(cause.map(KeyError::attribute), Some("user_id"));
/// assert_eq!(cause.map(KeyError::is_empty), Some(true));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError {
    pub(crate) attribute: &'static str,
    pub(crate) kind: KeyErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyErrorKind {
    Empty,
    TooLong { size: usize, limit: usize },
    EmptyPart { part: &'static str },
    Refused { part: &'static str, reason: &'static str },
    NotReadBack,
}

impl KeyError {
    /// The attribute as it is named in the table.
    pub fn attribute(&self) -> &'static str {
        self.attribute
    }

    /// Whether the key or a part of it is empty; else it is too long or has a value that no key can
    /// have.
    pub fn is_empty(&self) -> bool {
        matches!(self.kind, KeyErrorKind::Empty | KeyErrorKind::EmptyPart { .. })
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = self.attribute;
        match self.kind {
            KeyErrorKind::Empty => write!(f, "the key attribute `{attribute}` is empty"),
            KeyErrorKind::TooLong { size, limit } => write!(
                f,
                "the key attribute `{attribute}` has {size} bytes, and DynamoDB allows {limit}"
            ),
            KeyErrorKind::NotReadBack => write!(
                f,
                "the key attribute `{attribute}` is not read back as the same value from what is stored"
            ),
            KeyErrorKind::EmptyPart { part } => {
                write!(f, "the part `{part}` of the key attribute `{attribute}` is empty")
            }
            KeyErrorKind::Refused { part, reason } => {
                write!(f, "the part `{part}` of the key attribute `{attribute}`: {reason}")
            }
        }
    }
}

impl std::error::Error for KeyError {}

/// Checks a key, or a part of one, of which that is the limit in bytes.
pub(crate) fn check_key_part<T: KeyPart>(
    attribute: &'static str,
    part: &T,
    limit: usize,
) -> Result<(), KeyError> {
    // Else two keys that differ could be one.
    if !part.origin().is_known() && !reads_back(part) {
        return Err(KeyError { attribute, kind: KeyErrorKind::NotReadBack });
    }
    check_size(attribute, part.key_size(), limit)
}

pub(super) fn check_size(
    attribute: &'static str,
    size: usize,
    limit: usize,
) -> Result<(), KeyError> {
    let kind = match size {
        0 => KeyErrorKind::Empty,
        size if size > limit => KeyErrorKind::TooLong { size, limit },
        _ => return Ok(()),
    };
    Err(KeyError { attribute, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Timestamp;

    #[test]
    fn a_key_is_neither_empty_nor_too_long() {
        let check = |size: usize| check_key_part("id", &"x".repeat(size), MAX_PARTITION_KEY_SIZE);
        assert!(check(0).unwrap_err().is_empty());
        assert_eq!(check(1), Ok(()));
        assert_eq!(check(MAX_PARTITION_KEY_SIZE), Ok(()));
        let too_long = check(MAX_PARTITION_KEY_SIZE + 1).unwrap_err();
        assert!(!too_long.is_empty());
        assert_eq!(
            too_long.to_string(),
            "the key attribute `id` has 2049 bytes, and DynamoDB allows 2048"
        );
    }

    #[test]
    fn numbers_and_times_are_never_empty() {
        assert_eq!(check_key_part("at", &0_u8, 1024), Ok(()));
        assert_eq!(check_key_part("at", &Timestamp::EPOCH, 1024), Ok(()));
        assert!(check_key_part("at", &Vec::<u8>::new(), 1024).unwrap_err().is_empty());
    }
}
