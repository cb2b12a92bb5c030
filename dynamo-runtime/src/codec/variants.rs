//! Enums: which variant a text names, alone or beside the variant's fields.

use std::borrow::Cow;

use super::error::DecodeError;
use super::reader::Reader;
use super::writer::Writer;

/// The text that names a variant, and where it stands.
#[doc(hidden)]
pub struct Variant<'de> {
    name: Cow<'de, str>,
    start: usize,
}

impl<'de> Variant<'de> {
    /// Reads a variant that is text, `S`.
    ///
    /// # Errors
    /// When the value is no string.
    pub fn read(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        let start = reader.position();
        reader.string().map(|name| Self { name, start })
    }

    /// Its text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text, for the variant that holds all other texts.
    pub fn into_name(self) -> String {
        self.name.into_owned()
    }

    /// That no variant has this name; `reason` tells those that have one.
    #[cold]
    pub fn unknown(&self, reason: &'static str) -> DecodeError {
        DecodeError::refused(self.start, reason)
    }
}

/// Writes the text of the variant that holds all other texts.
///
/// The text of a variant with a name would be read as that one.
#[doc(hidden)]
pub fn encode_other(text: &str, known: &[&str], writer: &mut Writer) {
    if known.contains(&text) {
        return writer.refuse("the text is that of a variant with a name of its own");
    }
    writer.string(text);
}
