//! Attributes that are the same text in all items of an entity.

use super::error::{DecodeError, Problem};
use super::members::Members;

/// An attribute that is the same text in all items of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConstantAttribute {
    /// The attribute's name in the table.
    pub name: &'static str,
    /// What it is in each item.
    pub text: &'static str,
}

impl Members<'_, '_> {
    /// Reads the value of the member that was just named, which must be this text.
    ///
    /// # Errors
    /// It was there already, is another value, or is malformed.
    #[doc(hidden)]
    pub fn constant(&mut self, is_read: &mut bool, text: &'static str) -> Result<(), DecodeError> {
        if std::mem::replace(is_read, true) {
            return Err(self.duplicate());
        }
        self.read_by(|reader| {
            let start = reader.position();
            match reader.string() {
                Ok(found) if found == text => Ok(()),
                Err(error) if error.is_malformed() => Err(error),
                _ => Err(DecodeError::new(start, Problem::OtherConstant(text))),
            }
        })
    }

    /// That the constant was there.
    ///
    /// # Errors
    /// It was not.
    #[doc(hidden)]
    pub fn had_constant(&self, is_read: bool, name: &'static str) -> Result<(), DecodeError> {
        if is_read { Ok(()) } else { Err(self.missing(name)) }
    }
}

impl Members<'_, '_> {
    /// Whether the item has these constants, read ahead.
    pub(crate) fn has_constants(
        &self,
        constants: &[ConstantAttribute],
    ) -> Result<bool, DecodeError> {
        let mut left = constants.len();
        if left == 0 {
            return Ok(true);
        }
        let mut reader = self.reader_ahead();
        let mut item = self.ahead(&mut reader);
        // The item is read as a whole afterwards.
        while left > 0 {
            let Some(name) = item.next_name()? else { return Ok(false) };
            match constants.iter().find(|constant| constant.name == name) {
                None => item.skip(name)?,
                Some(constant) => match item.constant(&mut false, constant.text) {
                    Ok(()) => left -= 1,
                    Err(error) if error.is_constant_mismatch() => return Ok(false),
                    Err(error) => return Err(error),
                },
            }
        }
        Ok(true)
    }
}
