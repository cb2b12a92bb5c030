//! What was found where a write's condition did not hold.

use std::borrow::Cow;
use std::fmt;

use crate::subject::Subject;

#[derive(Clone, Debug)]
pub(crate) enum Unmet {
    /// No item, or an expired one.
    Absent,
    /// An item, where there must be none.
    Taken,
    /// An attribute that is a null, on which the write would have built.
    Null(Cow<'static, str>),
    /// A value of a unique attribute, which another item has.
    TakenValue(&'static str),
    /// An item that does not fulfil the condition.
    Different,
}

impl Unmet {
    pub(super) fn of(subject: Subject, is_absent: bool) -> Self {
        match subject.operation {
            _ if is_absent => Self::Absent,
            "create" | "check_absent" => Self::Taken,
            _ => Self::Different,
        }
    }

    /// The attribute that is a null.
    pub(super) fn null(&self) -> Option<&str> {
        match self {
            Self::Null(attribute) => Some(attribute),
            Self::Absent | Self::Taken | Self::TakenValue(_) | Self::Different => None,
        }
    }

    /// The unique attribute whose value another item has.
    pub(super) fn taken_attribute(&self) -> Option<&'static str> {
        match self {
            Self::TakenValue(attribute) => Some(attribute),
            Self::Absent | Self::Taken | Self::Null(_) | Self::Different => None,
        }
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("the condition failed: there is no such item"),
            Self::Taken => f.write_str("the key is taken: an item with this key exists"),
            Self::Null(attribute) => write!(
                f,
                "the condition failed: `{attribute}` is a null, and only `set` and `remove` take one away"
            ),
            Self::TakenValue(attribute) => {
                write!(f, "the value of `{attribute}` is taken: another item has it")
            }
            Self::Different => f.write_str("the condition failed: the item does not fulfil it"),
        }
    }
}
