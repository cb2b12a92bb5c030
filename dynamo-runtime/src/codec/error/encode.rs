//! Why a value cannot be stored.

use std::fmt;

use crate::codec::limits::MAX_ITEM_SIZE;

/// What DynamoDB cannot hold, and at which attribute; never the value.
///
/// ```
/// use dynamo_runtime::codec::{EncodeError, encode_item};
/// use dynamo_runtime::prelude::*;
///
/// #[derive(Document)]
/// struct Reading {
///     celsius: f64,
///     raw: String,
/// }
///
/// let error = |celsius, size| {
///     encode_item(&Reading { celsius, raw: "x".repeat(size) }).unwrap_err()
/// };
/// let number = error(f64::NAN, 1);
/// assert!(number.is_number_out_of_range());
/// assert_eq!(number.path(), Some("celsius"));
///
/// let large = error(1.0, 400 * 1024);
/// assert!(large.is_item_too_large() && !large.is_too_deep());
/// assert_eq!(large.path(), None);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct EncodeError(Box<Unwritable>);

#[derive(Clone, PartialEq, Eq)]
struct Unwritable {
    reason: EncodeProblem,
    path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::codec) enum EncodeProblem {
    NotFinite,
    OutOfRange,
    TooPrecise,
    TooDeep,
    ItemTooLarge { size: usize },
    Refused(&'static str),
}

impl EncodeError {
    #[cold]
    pub(in crate::codec) fn new(reason: EncodeProblem) -> Self {
        Self(Box::new(Unwritable { reason, path: String::new() }))
    }

    /// Where the value is, such as `lines[3].quantity`, with `?` for the key of a map; `None` for the
    /// item as a whole.
    pub fn path(&self) -> Option<&str> {
        Some(self.0.path.as_str()).filter(|path| !path.is_empty())
    }

    /// Whether a number is infinite, not a number, too large, too small, or has more than 38
    /// digits.
    pub fn is_number_out_of_range(&self) -> bool {
        matches!(
            self.0.reason,
            EncodeProblem::NotFinite | EncodeProblem::OutOfRange | EncodeProblem::TooPrecise
        )
    }

    /// Whether the item is larger than [`MAX_ITEM_SIZE`](MAX_ITEM_SIZE).
    pub fn is_item_too_large(&self) -> bool {
        matches!(self.0.reason, EncodeProblem::ItemTooLarge { .. })
    }

    /// Whether lists and maps are nested more than 31 levels deep.
    pub fn is_too_deep(&self) -> bool {
        self.0.reason == EncodeProblem::TooDeep
    }

    pub(in crate::codec) fn within_name(&mut self, name: &str) {
        let joint = if self.0.path.is_empty() || self.0.path.starts_with('[') { "" } else { "." };
        self.0.path = format!("{name}{joint}{}", self.0.path);
    }

    /// In an entry of a map, whose key is data and is not shown.
    pub(in crate::codec) fn within_key(&mut self) {
        self.within_name("?");
    }

    pub(in crate::codec) fn hide_path(&mut self) {
        self.0.path.clear();
    }

    pub(in crate::codec) fn within_index(&mut self, index: usize) {
        self.within_name(&format!("[{index}]"));
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(formatter, "`{path}`: ")?;
        }
        match self.0.reason {
            EncodeProblem::NotFinite => formatter.write_str("infinity and NaN cannot be stored"),
            EncodeProblem::OutOfRange => {
                formatter.write_str("the number is out of DynamoDB's range, 1E-130 to 9.99E+125")
            }
            EncodeProblem::TooPrecise => {
                formatter.write_str("the number has more than 38 significant digits")
            }
            EncodeProblem::TooDeep => {
                formatter.write_str("lists and maps are nested more than 31 levels deep")
            }
            EncodeProblem::ItemTooLarge { size } => {
                write!(
                    formatter,
                    "the item has about {size} bytes, and DynamoDB takes {MAX_ITEM_SIZE}"
                )
            }
            EncodeProblem::Refused(reason) => formatter.write_str(reason),
        }
    }
}

impl fmt::Debug for EncodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EncodeError")
            .field("path", &self.0.path)
            .field("reason", &self.0.reason)
            .finish()
    }
}

impl std::error::Error for EncodeError {}
