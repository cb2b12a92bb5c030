//! Why a response does not belong to its request.

use std::fmt;

/// Why a response is not one to its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stray {
    NotAnObject,
    ErrorDocument,
    OtherTable,
    OtherItem,
}

impl fmt::Display for Stray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnObject => "its body is not one JSON object",
            Self::ErrorDocument => "a success whose body is an error",
            Self::OtherTable => "it is about a table that was not asked for",
            Self::OtherItem => "it has an item that was not asked for",
        })
    }
}
