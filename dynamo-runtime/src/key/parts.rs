//! What has the parts of a key.

use super::text::PartText;

/// A value that has parts of a templated key, by their places among the entity's attributes.
#[doc(hidden)]
pub trait Parts {
    /// Writes the part; one that it does not have is empty, which no key takes.
    fn write_part(&self, ordinal: usize, text: &mut PartText) {
        let _ = (ordinal, text);
    }
}
