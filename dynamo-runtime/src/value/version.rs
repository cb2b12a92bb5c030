//! The number that optimistic locking compares.

use std::fmt;

use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};

/// How often an item has been written: 1 after its creation, one more after each write.
///
/// ```
/// use dynamo_runtime::Version;
///
/// assert_eq!(Version::default(), Version::UNSAVED);
/// assert_eq!(Version::UNSAVED.next(), Some(Version::FIRST));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// The version of an item that was never written: 0.
    pub const UNSAVED: Self = Self(0);

    /// The version of an item that was just created: 1.
    pub const FIRST: Self = Self(1);

    /// The version with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The version after this one, or `None` after the last that a `u64` holds.
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The version's number.
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

impl From<u64> for Version {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Encode for Version {
    fn encode(&self, writer: &mut Writer) {
        self.0.encode(writer);
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for Version {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        u64::decode(reader).map(Self)
    }
}

stored_as!(Number: Version);
elements_of!(NumberSet: Version);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::tests::{decode, encode};

    #[test]
    fn it_is_stored_as_a_number() {
        assert_eq!(encode(&Version::new(7)), r#"{"N":"7"}"#);
        assert_eq!(decode(r#"{"N":"7"}"#), Ok(Version::new(7)));
        assert!(decode::<Version>(r#"{"N":"-1"}"#).is_err());
    }

    #[test]
    fn the_last_version_has_no_next() {
        assert_eq!(Version::FIRST.next(), Some(Version::new(2)));
        assert_eq!(Version::new(u64::MAX).next(), None);
    }
}
