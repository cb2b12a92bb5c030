//! serde's errors as this crate's, without their text: it may quote the value.

use std::fmt::{self, Display};

use serde::de::{Expected, Unexpected};

use crate::codec::error::{DecodeError, Problem};

/// The writer knows why, and where.
#[derive(Debug)]
pub(super) struct Unwritten;

impl Display for Unwritten {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the value cannot be stored")
    }
}

impl std::error::Error for Unwritten {}

impl serde::ser::Error for Unwritten {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// What is wrong with a value that is being read, and where if that is known yet.
#[derive(Debug)]
pub(super) enum DecodeFailure {
    Placed(DecodeError),
    Unplaced(Box<Problem>),
}

impl DecodeFailure {
    /// The error, at this place unless it has one.
    pub(super) fn at(self, offset: usize) -> DecodeError {
        match self {
            Self::Placed(error) => error,
            Self::Unplaced(problem) => DecodeError::new(offset, *problem),
        }
    }

    /// The same error, which has this place unless it has one.
    pub(super) fn placed(self, offset: usize) -> Self {
        Self::Placed(self.at(offset))
    }
}

impl From<DecodeError> for DecodeFailure {
    fn from(error: DecodeError) -> Self {
        Self::Placed(error)
    }
}

impl From<Problem> for DecodeFailure {
    fn from(problem: Problem) -> Self {
        Self::Unplaced(Box::new(problem))
    }
}

impl Display for DecodeFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Placed(error) => error.fmt(formatter),
            Self::Unplaced(problem) => problem.fmt(formatter),
        }
    }
}

impl std::error::Error for DecodeFailure {}

impl serde::de::Error for DecodeFailure {
    fn custom<T: Display>(_: T) -> Self {
        Problem::Refused("the type's `Deserialize` refused the value").into()
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Problem::Unfit { expected: expected.to_string().into(), found: shape(&found) }.into()
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Problem::Unfit { expected: expected.to_string().into(), found: "another value" }.into()
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Problem::Unfit { expected: expected.to_string().into(), found: "another length" }.into()
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Problem::Unnamed { expected }.into()
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Problem::Unnamed { expected }.into()
    }

    fn missing_field(field: &'static str) -> Self {
        Problem::Missing(field).into()
    }

    fn duplicate_field(_: &'static str) -> Self {
        Problem::Duplicate.into()
    }
}

fn shape(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "a whole number",
        Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Bytes(_) => "binary",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::NewtypeStruct => "a struct",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a map",
        Unexpected::Enum => "an enum",
        Unexpected::UnitVariant => "a variant without content",
        Unexpected::NewtypeVariant | Unexpected::TupleVariant | Unexpected::StructVariant => {
            "a variant with content"
        }
        Unexpected::Other(_) => "another value",
    }
}
