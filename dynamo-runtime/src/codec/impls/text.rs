//! `S`.

use std::borrow::Cow;
use std::sync::Arc;

use super::{elements_of, own, stored_as};
use crate::codec::{AttributeValue, Decode, DecodeError, Encode, Reader, Writer, kind};

impl Encode for str {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }

    own!();
}

impl AttributeValue for str {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = String;
    const OPTIONAL: bool = false;
    const HAS_ONE_SPELLING: bool = true;
}

impl Encode for String {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }

    own!();
}

impl Decode<'_> for String {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.string().map(Cow::into_owned)
    }
}

impl Encode for Cow<'_, str> {
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }

    own!();
}

/// Borrowed from the response unless the text has escapes.
impl<'de: 'a, 'a> Decode<'de> for Cow<'a, str> {
    #[inline]
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        reader.string()
    }
}

impl Decode<'_> for Box<str> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        String::decode(reader).map(Self::from)
    }
}

impl Decode<'_> for Arc<str> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.string().map(Self::from)
    }
}

impl Encode for char {
    fn encode(&self, writer: &mut Writer) {
        writer.string(self.encode_utf8(&mut [0; 4]));
    }

    own!();
}

/// The text must be this one character.
impl Decode<'_> for char {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.position();
        let text = reader.string()?;
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Ok(character),
            _ => Err(DecodeError::refused(start, "the text is not one character")),
        }
    }
}

stored_as!(Text: String, Cow<'_, str>);
stored_as!(Text, "char": char);
elements_of!(TextSet: String, Cow<'_, str>, Box<str>, Arc<str>, char);
