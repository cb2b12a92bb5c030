//! Items of an older shape.

use std::convert::Infallible;

use super::{DecodeError, DecodeItem, Reader};

/// Reads an item; one that is not of this shape is read as one of the older shape.
///
/// # Errors
/// When it is neither: of both shapes.
#[doc(hidden)]
pub fn upgrade<'de, New, Old>(reader: &mut Reader<'de>) -> Result<New, DecodeError>
where
    New: DecodeItem<'de> + UpgradeFrom<Old>,
    Old: DecodeItem<'de>,
{
    let start = reader.clone();
    let newer = match New::decode_attributes(reader.item()?) {
        Ok(new) => return Ok(new),
        Err(newer) if newer.is_malformed() => return Err(newer),
        Err(newer) => newer,
    };
    *reader = start;
    let place = reader.position();
    let upgraded = Old::decode_item(reader).and_then(|old| {
        New::upgrade_from(old).map_err(|reason| DecodeError::refused(place, reason))
    });
    upgraded.map_err(|older| newer.with_older(older))
}

/// A type that is made from its older shape `Old`, by `From` or `TryFrom`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made from its older shape `{Old}`",
    label = "no conversion from this",
    note = "write `impl From<{Old}> for {Self}`; or `TryFrom` with a `&'static str` as its error, so that no value is in a message"
)]
pub trait UpgradeFrom<Old>: Sized {
    /// # Errors
    /// The reason why it cannot be converted.
    fn upgrade_from(old: Old) -> Result<Self, &'static str>;
}

#[diagnostic::do_not_recommend]
impl<New: TryFrom<Old, Error: Reason>, Old> UpgradeFrom<Old> for New {
    fn upgrade_from(old: Old) -> Result<Self, &'static str> {
        New::try_from(old).map_err(Reason::text)
    }
}

/// Why an older shape cannot be converted: a text of the program, so that no value is in it.
#[doc(hidden)]
pub trait Reason {
    fn text(self) -> &'static str;
}

impl Reason for Infallible {
    fn text(self) -> &'static str {
        match self {}
    }
}

impl Reason for &'static str {
    fn text(self) -> &'static str {
        self
    }
}
