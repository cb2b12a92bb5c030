//! Unknown attributes: those of an item that its struct has no field for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::equality::same_value;
use super::{AttributeNames, DecodeError, Members, Writer};

/// The attributes of an item that its struct does not know, for a field with `#[dynamo(unknown)]`.
///
/// They are kept as they came, and written back with the item: so a program that puts a whole item
/// does not erase what a newer one has added to it. Their values are not shown.
///
/// ```
/// use dynamo_runtime::UnknownAttributes;
///
/// let none = UnknownAttributes::default();
/// assert!(none.is_empty() && none.names().next().is_none());
/// ```
#[derive(Clone, Default)]
pub struct UnknownAttributes(BTreeMap<Box<str>, Box<[u8]>>);

impl UnknownAttributes {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Their names in the table, in order.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::UnknownAttributes;
    /// use dynamo_runtime::codec::decode_item;
    ///
    /// #[derive(Document)]
    /// struct Note {
    ///     text: String,
    ///     #[dynamo(unknown)]
    ///     rest: UnknownAttributes,
    /// }
    ///
    /// let note: Note = decode_item(br#"{"text": {"S": "x"}, "color": {"S": "red"}}"#)?;
    /// assert_eq!(note.rest.names().collect::<Vec<_>>(), ["color"]);
    /// assert_eq!(note.rest.len(), 1);
    /// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|name| &**name)
    }
}

/// As DynamoDB compares values: the order of a set's elements does not matter.
impl PartialEq for UnknownAttributes {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|((name, value), (other_name, other_value))| {
                // What is no value of DynamoDB's is equal to itself alone.
                let is_same = || same_value(value, other_value).unwrap_or(value == other_value);
                name == other_name && is_same()
            })
    }
}

impl Eq for UnknownAttributes {}

/// How many there are, and no value.
impl fmt::Debug for UnknownAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownAttributes").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// A field that can keep the unknown attributes: [`UnknownAttributes`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot keep the unknown attributes",
    label = "not `UnknownAttributes`",
    note = "use `UnknownAttributes` for the field with `#[dynamo(unknown)]`"
)]
pub trait UnknownField: sealed::Known {
    fn none() -> Self;

    /// Keeps the member that was just named.
    ///
    /// # Errors
    /// When there is one of this name already, or the value is malformed.
    fn keep<'de>(
        &mut self,
        item: &mut Members<'_, 'de>,
        name: Cow<'de, str>,
    ) -> Result<(), DecodeError>;

    /// Writes them; but what another shape of the item did not know may be known to this one.
    fn write(&self, known: &AttributeNames, writer: &mut Writer);
}

/// What keeps them is known here: another one could write any name.
mod sealed {
    pub trait Known {}
    impl Known for super::UnknownAttributes {}
}

impl UnknownField for UnknownAttributes {
    fn none() -> Self {
        Self::default()
    }

    fn keep<'de>(
        &mut self,
        item: &mut Members<'_, 'de>,
        name: Cow<'de, str>,
    ) -> Result<(), DecodeError> {
        let value = item.attribute_value(&name)?;
        self.0.insert(Box::from(name), Box::from(value));
        Ok(())
    }

    fn write(&self, known: &AttributeNames, writer: &mut Writer) {
        for (name, value) in &self.0 {
            if !known.contains(name) {
                writer.raw_attribute(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{DecodeItem, decode_item};

    #[derive(Debug, PartialEq)]
    struct Unknown(UnknownAttributes);

    impl<'de> DecodeItem<'de> for Unknown {
        fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
            let mut unknown = UnknownAttributes::none();
            while let Some(name) = item.next_name()? {
                unknown.keep(&mut item, name)?;
            }
            Ok(Self(unknown))
        }
    }

    #[test]
    fn they_are_counted_and_compared_by_value() {
        let read = |json: &str| decode_item::<Unknown>(json.as_bytes()).unwrap();
        assert!(read("{}").0.is_empty());
        let two = read(r#"{"b":{"NS":["1","2"]},"a":{"Q":[]}}"#);
        assert!(!two.0.is_empty());
        assert_eq!(two.0.len(), 2);
        assert_eq!(two.0.names().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(two, read(r#"{ "a" : {"Q":[]} , "b": {"NS":["2.0","1"]} }"#));
        for other in [
            "{}",
            r#"{"a":{"Q":[]}}"#,
            r#"{"a":{"Q":[]},"c":{"NS":["1","2"]}}"#,
            r#"{"a":{"Q":[]},"b":{"NS":["1","3"]}}"#,
            r#"{"a":{"Q":{}},"b":{"NS":["1","2"]}}"#,
            r#"{"a":{"Q":[]},"b":{"NS":["1","2"]},"c":{"S":""}}"#,
        ] {
            assert_ne!(two, read(other), "{other}");
            assert_ne!(read(other), two, "{other}");
        }
        let json = br#"{"a":{"S":"x"},"b":{"S":"x"},"a":{"S":"x"}}"#;
        assert!(decode_item::<Unknown>(json).unwrap_err().is_duplicate());
    }
}
