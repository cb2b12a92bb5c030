//! DynamoDB's data type descriptors.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descriptor {
    Text,
    Number,
    Binary,
    Boolean,
    Null,
    List,
    Map,
    TextSet,
    NumberSet,
    BinarySet,
}

impl Descriptor {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "S" => Self::Text,
            "N" => Self::Number,
            "B" => Self::Binary,
            "BOOL" => Self::Boolean,
            "NULL" => Self::Null,
            "L" => Self::List,
            "M" => Self::Map,
            "SS" => Self::TextSet,
            "NS" => Self::NumberSet,
            "BS" => Self::BinarySet,
            _ => return None,
        })
    }

    /// DynamoDB's name of it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Text => "S",
            Self::Number => "N",
            Self::Binary => "B",
            Self::Boolean => "BOOL",
            Self::Null => "NULL",
            Self::List => "L",
            Self::Map => "M",
            Self::TextSet => "SS",
            Self::NumberSet => "NS",
            Self::BinarySet => "BS",
        }
    }

    /// How a value starts that is written without white space.
    #[inline]
    pub(super) const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Text => b"{\"S\":",
            Self::Number => b"{\"N\":",
            Self::Binary => b"{\"B\":",
            Self::Boolean => b"{\"BOOL\":",
            Self::Null => b"{\"NULL\":",
            Self::List => b"{\"L\":",
            Self::Map => b"{\"M\":",
            Self::TextSet => b"{\"SS\":",
            Self::NumberSet => b"{\"NS\":",
            Self::BinarySet => b"{\"BS\":",
        }
    }
}

impl fmt::Display for Descriptor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text => "a string (S)",
            Self::Number => "a number (N)",
            Self::Binary => "binary (B)",
            Self::Boolean => "a boolean (BOOL)",
            Self::Null => "null (NULL)",
            Self::List => "a list (L)",
            Self::Map => "a map (M)",
            Self::TextSet => "a string set (SS)",
            Self::NumberSet => "a number set (NS)",
            Self::BinarySet => "a binary set (BS)",
        })
    }
}
