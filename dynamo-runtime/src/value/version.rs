//! The number that optimistic locking compares.

use std::fmt;

use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};

/// How often an item has been written: 1 after its creation, one more after each write.
///
/// Other libraries begin with 0: that is a version like any other, and not
/// [`UNSAVED`](Self::UNSAVED).
///
/// ```
/// use dynamo_runtime::Version;
///
/// assert_eq!(Version::default(), Version::UNSAVED);
/// assert_eq!(Version::UNSAVED.next(), Some(Version::FIRST));
/// assert_ne!(Version::UNSAVED, Version::new(0));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(Option<u64>);

impl Version {
    /// The version of an item that was never written: it has no number, and is less than every
    /// other one.
    pub const UNSAVED: Self = Self(None);

    /// The version of an item that was just created: 1.
    pub const FIRST: Self = Self(Some(1));

    /// The version with this number.
    pub const fn new(number: u64) -> Self {
        Self(Some(number))
    }

    /// The version after this one, or `None` after the last that a `u64` holds.
    pub const fn next(self) -> Option<Self> {
        match self.0 {
            None => Some(Self::FIRST),
            Some(u64::MAX) => None,
            Some(number) => Some(Self(Some(number + 1))),
        }
    }

    /// The version's number, or `None` of an item that was never written.
    ///
    /// ```
    /// use dynamo_runtime::Version;
    ///
    /// assert_eq!(Version::new(7).number(), Some(7));
    /// assert_eq!(Version::UNSAVED.number(), None);
    /// ```
    pub const fn number(self) -> Option<u64> {
        self.0
    }
}

impl From<u64> for Version {
    fn from(number: u64) -> Self {
        Self::new(number)
    }
}

/// The number, or `unsaved`.
impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(formatter),
            None => formatter.pad("unsaved"),
        }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({self})")
    }
}

/// The library writes no item without a version; what is to be compared with one has a number.
impl Encode for Version {
    fn encode(&self, writer: &mut Writer) {
        match self.0 {
            Some(number) => number.encode(writer),
            None => writer.refuse("a version that was never stored has no number"),
        }
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for Version {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        u64::decode(reader).map(Self::new)
    }
}

stored_as!(Number, "version": Version);
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
    fn one_that_was_never_stored_is_no_number() {
        assert_eq!(decode(r#"{"N":"0"}"#), Ok(Version::new(0)));
        assert!(Version::UNSAVED < Version::new(0));
        assert_eq!((Version::UNSAVED.number(), Version::new(0).number()), (None, Some(0)));
        assert_eq!(
            format!("{} {:?}", Version::UNSAVED, Version::UNSAVED),
            "unsaved Version(unsaved)"
        );
        assert_eq!(format!("{} {:?}", Version::new(0), Version::new(0)), "0 Version(0)");
        let mut writer = Writer::with_capacity(0);
        Version::UNSAVED.encode(&mut writer);
        let error = writer.finish().unwrap_err();
        assert_eq!(error.to_string(), "a version that was never stored has no number");
    }

    #[test]
    fn the_last_version_has_no_next() {
        assert_eq!(Version::new(0).next(), Some(Version::FIRST));
        assert_eq!(Version::FIRST.next(), Some(Version::new(2)));
        assert_eq!(Version::new(u64::MAX).next(), None);
    }
}
