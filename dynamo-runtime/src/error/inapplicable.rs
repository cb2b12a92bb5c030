//! Why the service could not apply an update that is valid in itself.

use std::fmt;

use crate::client::CallErrorKind;

/// Why the item as it is does not admit an update.
///
/// The service says it in the text of a `ValidationException`, which has no code of its own for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inapplicable {
    Path,
    Absent,
    DataType,
    Overflow,
    Underflow,
    Digits,
    Size,
    Depth,
}

/// What the service's text has in it, and what it means.
const TEXTS: [(&str, Inapplicable); 8] = [
    ("document path provided in the update expression is invalid", Inapplicable::Path),
    ("refers to an attribute that does not exist in the item", Inapplicable::Absent),
    ("operand in the update expression has an incorrect data type", Inapplicable::DataType),
    ("Number overflow", Inapplicable::Overflow),
    ("Number underflow", Inapplicable::Underflow),
    ("more than 38 significant digits", Inapplicable::Digits),
    ("Item size to update has exceeded the maximum allowed size", Inapplicable::Size),
    ("Nesting Levels have exceeded supported limits", Inapplicable::Depth),
];

impl Inapplicable {
    pub(super) fn of(kind: &CallErrorKind) -> Option<Self> {
        let CallErrorKind::Service { code, message: Some(message), .. } = kind else { return None };
        if code != "ValidationException" {
            return None;
        }
        TEXTS.iter().find(|(text, _)| message.contains(text)).map(|(_, reason)| *reason)
    }
}

impl fmt::Display for Inapplicable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the item as it is does not admit the update: ")?;
        f.write_str(match self {
            Self::Path => {
                "a path leads through what is not there; require it by a condition, or set the whole"
            }
            Self::Absent => "an attribute that it builds on is not there",
            Self::DataType => "an attribute that it builds on is of another data type",
            Self::Overflow => "a number would be greater than DynamoDB takes",
            Self::Underflow => "a number would be nearer to zero than DynamoDB takes",
            Self::Digits => "a number would have more than the 38 digits that DynamoDB takes",
            Self::Size => "it would be larger than the 400 KB that DynamoDB takes",
            Self::Depth => "it would be nested deeper than the 32 levels that DynamoDB takes",
        })
    }
}
