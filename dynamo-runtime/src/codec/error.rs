//! What cannot be read or written, and where.

use std::fmt;

use super::descriptor::Descriptor;
use super::stray::Stray;

mod encode;

pub use self::encode::EncodeError;
pub(super) use self::encode::EncodeProblem;

/// How much of a name is shown, in characters.
pub(super) const MAX_NAME: usize = 255;

/// What could not be read, and at which attribute; never the value.
///
/// ```
/// use dynamo_runtime::codec::{DecodeError, decode_item};
/// use dynamo_runtime::prelude::*;
///
/// #[derive(Document, Debug)]
/// #[dynamo(deny_unknown)]
/// struct Line {
///     product: String,
///     quantity: u8,
/// }
///
/// let error = |json: &'static str| decode_item::<Line>(json.as_bytes()).unwrap_err();
///
/// let missing = error(r#"{"product": {"S": "tea"}}"#);
/// assert!(missing.is_missing());
/// assert_eq!(missing.path(), Some("quantity"));
///
/// let wrong = error(r#"{"product": {"N": "1"}, "quantity": {"N": "1"}}"#);
/// assert!(wrong.is_wrong_type());
/// assert_eq!(wrong.offset(), 12);
///
/// assert!(error(r#"{"product": {"S": "tea"}, "quantity": {"N": "256"}}"#).is_out_of_range());
/// assert!(error(r#"{"size": {"N": "1"}}"#).is_unknown());
/// assert!(error(r#"{"product": {"S": "tea"}, "product": {"S": "tea"}}"#).is_duplicate());
/// assert!(error(r#"{"product": "#).is_malformed());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Unreadable>);

#[derive(Clone, PartialEq, Eq)]
struct Unreadable {
    problem: Problem,
    offset: usize,
    path: Option<String>,
    /// Why the item is not one of the older shape either.
    older: Option<DecodeError>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    NotUtf8,
    Ended,
    Expected(&'static str),
    ControlCharacter,
    InvalidEscape,
    TrailingBytes,
    TooDeep,
    Duplicate,
    Missing(&'static str),
    /// A field's attribute, which an item has not that is older than the field.
    MissingField(&'static str),
    Disagrees(&'static str),
    /// Another value than the constant of the entity, which is shown; what was found is not.
    OtherConstant(&'static str),
    /// A key in another spelling than its type writes.
    Respelt,
    /// A value under a name, and another under an older name of the same attribute.
    TwoNames {
        name: &'static str,
        alias: &'static str,
    },
    /// An attribute that a strict struct does not know.
    Unknown,
    WrongType {
        expected: Descriptor,
        found: Descriptor,
    },
    /// As a type of serde's words it.
    #[cfg(feature = "serde")]
    Unfit {
        expected: Box<str>,
        found: &'static str,
    },
    #[cfg(feature = "serde")]
    Unnamed {
        expected: &'static [&'static str],
    },
    UnknownType,
    NotANumber,
    NotWhole,
    OutOfRange(&'static str),
    /// By serde, as a type that asks for no kind of number.
    #[cfg(feature = "serde")]
    Inexact,
    NotBase64,
    /// A list of numbers that has not as many as its type; more, where it is not known how many.
    WrongLength {
        expected: usize,
        found: Option<usize>,
    },
    Refused(&'static str),
    /// The item is of no entity of its collection: the forms of their keys.
    NoMember(Box<str>),
    /// The response is not one to its request.
    Stray(Stray),
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(offset: usize, problem: Problem) -> Self {
        Self(Box::new(Unreadable { problem, offset, path: None, older: None }))
    }

    /// A value that was read but is not one of its type, for an implementation of
    /// [`Decode`](super::Decode).
    ///
    /// `offset` is the [`position`](super::Reader::position) of the value; `reason` must not
    /// contain it.
    ///
    /// ```
    /// use dynamo_runtime::codec::DecodeError;
    ///
    /// let error = DecodeError::refused(17, "a heading is less than 360 degrees");
    /// assert_eq!(error.offset(), 17);
    /// ```
    #[cold]
    pub fn refused(offset: usize, reason: &'static str) -> Self {
        Self::new(offset, Problem::Refused(reason))
    }

    /// Where the value is, such as `Item.lines[3].quantity`, as far as it is known.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Where the value is, in bytes.
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Whether an attribute is missing that must be there.
    pub fn is_missing(&self) -> bool {
        matches!(self.0.problem, Problem::Missing(_) | Problem::MissingField(_))
    }

    /// Whether a key of the item is not the one that its parts make, so that one of them was written
    /// without the other; or is not spelt as its type writes it, so that the item would not be found
    /// by it.
    ///
    /// ```
    /// use dynamo_runtime::codec::decode_item;
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Entity, Debug)]
    /// #[dynamo(table = "shop", partition_key("pk") = "ORDER#{number}")]
    /// struct Order {
    ///     number: u32,
    /// }
    ///
    /// let error = decode_item::<Order>(br#"{"pk": {"S": "ORDER#8"}, "number": {"N": "7"}}"#);
    /// assert!(error.unwrap_err().is_key_mismatch());
    /// ```
    pub fn is_key_mismatch(&self) -> bool {
        matches!(self.0.problem, Problem::Disagrees(_) | Problem::Respelt)
    }

    /// Whether the item has another value where the entity has a constant, as an item of another
    /// entity has.
    ///
    /// ```
    /// use dynamo_runtime::codec::decode_item;
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Entity, Debug)]
    /// #[dynamo(table = "shop", constant("type") = "Order")]
    /// struct Order {
    ///     #[dynamo(partition_key)]
    ///     id: u32,
    /// }
    ///
    /// let error = decode_item::<Order>(br#"{"id": {"N": "7"}, "type": {"S": "Customer"}}"#);
    /// let error = error.unwrap_err();
    /// assert!(error.is_constant_mismatch());
    /// assert_eq!(error.to_string(), "`type`: expected the constant text `Order`");
    /// ```
    pub fn is_constant_mismatch(&self) -> bool {
        matches!(self.0.problem, Problem::OtherConstant(_))
    }

    /// Whether the value is of another data type than expected.
    pub fn is_wrong_type(&self) -> bool {
        match self.0.problem {
            Problem::WrongType { .. } | Problem::UnknownType => true,
            #[cfg(feature = "serde")]
            Problem::Unfit { .. } => true,
            _ => false,
        }
    }

    /// Whether a number does not fit its type.
    pub fn is_out_of_range(&self) -> bool {
        match self.0.problem {
            Problem::OutOfRange(_) | Problem::NotWhole => true,
            #[cfg(feature = "serde")]
            Problem::Inexact => true,
            _ => false,
        }
    }

    /// Whether the item has an attribute that a struct with `deny_unknown` does not know.
    pub fn is_unknown(&self) -> bool {
        self.0.problem == Problem::Unknown
    }

    /// Whether the item has the key of no entity of its collection.
    ///
    /// ```
    /// use dynamo_runtime::codec::decode_item;
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Entity, Debug)]
    /// #[dynamo(table = "shop", partition_key("pk") = "SHOP#{id}", sort_key("sk") = "PROFILE")]
    /// struct Shop {
    ///     id: u32,
    /// }
    ///
    /// #[derive(Collection, Debug)]
    /// enum ShopItem {
    ///     Shop(Shop),
    /// }
    ///
    /// let error = decode_item::<ShopItem>(br#"{"pk": {"S": "SHOP#1"}, "sk": {"S": "ORDER#7"}}"#);
    /// assert!(error.unwrap_err().is_of_no_entity());
    /// ```
    pub fn is_of_no_entity(&self) -> bool {
        matches!(self.0.problem, Problem::NoMember(_))
    }

    /// A response that is not one to its request.
    #[cold]
    pub(crate) fn of_stray(stray: Stray) -> Self {
        Self::new(0, Problem::Stray(stray))
    }

    /// Why the response is not one to its request, if that is the problem.
    pub(crate) fn stray(&self) -> Option<Stray> {
        match self.0.problem {
            Problem::Stray(stray) => Some(stray),
            _ => None,
        }
    }

    /// Why the item could not be read as the older shape that `upgrade` names either.
    ///
    /// ```
    /// use dynamo_runtime::codec::decode_item;
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Document)]
    /// struct OldName {
    ///     full: String,
    /// }
    ///
    /// #[derive(Document, Debug)]
    /// #[dynamo(upgrade = OldName)]
    /// struct Name {
    ///     first: String,
    /// }
    ///
    /// impl From<OldName> for Name {
    ///     fn from(old: OldName) -> Self {
    ///         Self { first: old.full }
    ///     }
    /// }
    ///
    /// let error = decode_item::<Name>(br#"{"last": {"S": "Lee"}}"#).unwrap_err();
    /// assert_eq!(error.path(), Some("first"));
    /// assert_eq!(error.older().and_then(|older| older.path()), Some("full"));
    /// ```
    pub fn older(&self) -> Option<&Self> {
        self.0.older.as_ref()
    }

    pub(super) fn with_older(mut self, older: Self) -> Self {
        self.0.older = Some(older);
        self
    }

    pub(super) fn map_older(mut self, map: impl FnOnce(Self) -> Self) -> Self {
        self.0.older = self.0.older.map(map);
        self
    }

    /// Whether a name stands twice in one object, or an attribute under two of its names.
    pub fn is_duplicate(&self) -> bool {
        matches!(self.0.problem, Problem::Duplicate | Problem::TwoNames { .. })
    }

    /// Whether the JSON is broken, so that not even the shape of the value is known.
    pub fn is_malformed(&self) -> bool {
        matches!(
            self.0.problem,
            Problem::NotUtf8
                | Problem::Ended
                | Problem::Expected(_)
                | Problem::ControlCharacter
                | Problem::InvalidEscape
                | Problem::TrailingBytes
                | Problem::TooDeep
        )
    }

    /// The attribute that it is about, where that is not at the error's place.
    pub(super) fn attribute(&self) -> Option<&'static str> {
        match self.0.problem {
            Problem::Missing(name)
            | Problem::MissingField(name)
            | Problem::Disagrees(name)
            | Problem::TwoNames { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The same error of an item that is the member of something.
    pub(crate) fn within(self, member: &str) -> Self {
        let path = match self.path() {
            Some(path) => format!("{member}.{path}"),
            None => member.to_owned(),
        };
        self.with_path(Some(path))
    }

    /// The same error, of the value that is there.
    #[cold]
    pub(super) fn at(mut self, offset: usize) -> Self {
        self.0.offset = offset;
        self.0.path = None;
        self.0.older = None;
        self
    }

    pub(super) fn with_path(mut self, path: Option<String>) -> Self {
        self.0.path = path;
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_problem(formatter)?;
        if self.0.older.is_some() {
            return self.fmt_older(formatter);
        }
        match &self.0.problem {
            Problem::MissingField(_) => {
                formatter.write_str("; a field that older items lack has `#[dynamo(default)]`")
            }
            _ => Ok(()),
        }
    }
}

impl DecodeError {
    fn fmt_problem(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.path {
            Some(path) => write!(formatter, "`{path}`: ")?,
            None => write!(formatter, "at byte {}: ", self.0.offset)?,
        }
        match &self.0.problem {
            Problem::Missing(name) | Problem::MissingField(name) if self.0.path.is_none() => {
                write!(formatter, "`{name}` is missing")
            }
            Problem::Disagrees(name) if self.0.path.is_none() => {
                write!(formatter, "`{name}`: {}", self.0.problem)
            }
            problem => fmt::Display::fmt(problem, formatter),
        }
    }

    /// What is wrong with each older shape.
    fn fmt_older(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = self;
        while let Some(older) = &last.0.older {
            formatter.write_str("; and of the older shape: ")?;
            older.fmt_problem(formatter)?;
            last = older;
        }
        Ok(())
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DecodeError")
            .field("path", &self.0.path)
            .field("offset", &self.0.offset)
            .field("problem", &self.0.problem)
            .field("older", &self.0.older)
            .finish()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotUtf8 => "the text is not UTF-8",
            Self::Ended => "the JSON ends too early",
            Self::Expected(expected) => {
                return write!(formatter, "the JSON is malformed: expected {expected}");
            }
            Self::ControlCharacter => "the JSON is malformed: a control character in a string",
            Self::InvalidEscape => "the JSON is malformed: an invalid escape in a string",
            Self::TrailingBytes => "the JSON goes on after its end",
            Self::TooDeep => "the JSON is nested too deeply",
            Self::Duplicate => "the name stands twice in its object",
            Self::Missing(_) | Self::MissingField(_) => "the attribute is missing",
            Self::Disagrees(_) => "the key is not the one that its parts make",
            Self::OtherConstant(text) => {
                return write!(formatter, "expected the constant text `{text}`");
            }
            Self::Respelt => {
                "the key is not spelt as its type writes it, so the item would not be found by it: \
                 give the field a type that keeps the text, such as `String`"
            }
            Self::TwoNames { alias, .. } => {
                return write!(formatter, "the item has it under its older name `{alias}` too");
            }
            Self::Unknown => "the struct does not know the attribute, and denies unknown ones",
            Self::WrongType { expected, found } => {
                return write!(formatter, "expected {expected}, found {found}");
            }
            #[cfg(feature = "serde")]
            Self::Unfit { expected, found } => {
                return write!(formatter, "expected {expected}, found {found}");
            }
            #[cfg(feature = "serde")]
            Self::Unnamed { expected: [] } => "expected no name",
            #[cfg(feature = "serde")]
            Self::Unnamed { expected } => {
                return write!(formatter, "expected one of `{}`", expected.join("`, `"));
            }
            Self::UnknownType => "expected an attribute value, found no data type of DynamoDB",
            Self::NotANumber => "the text of the number is no number",
            Self::NotWhole => "expected a whole number, found a fraction",
            Self::OutOfRange(target) => {
                return write!(formatter, "the number is out of range for {target}");
            }
            #[cfg(feature = "serde")]
            Self::Inexact => {
                "the number would be rounded: no integer of 64 bits and no float is written as it, \
                 and the type asks for no other number"
            }
            Self::NotBase64 => "the text of the binary is not Base64",
            Self::WrongLength { expected, found: Some(found) } => {
                return write!(formatter, "expected a list of {expected} numbers, found {found}");
            }
            Self::WrongLength { expected, found: None } => {
                return write!(formatter, "expected a list of {expected} numbers, found more");
            }
            Self::Refused(reason) => reason,
            Self::NoMember(expected) => expected,
            Self::Stray(stray) => return stray.fmt(formatter),
        })
    }
}

impl std::error::Error for DecodeError {}
