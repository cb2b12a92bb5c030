//! What tells one state of an item from the next.

use std::fmt;

use aws_lc_rs::rand::fill;

use super::Version;
use crate::codec::impls::stored_as;
use crate::codec::{AttributeValue, Decode, DecodeError, Encode, Reader, Writer};

/// A version of an item: a number that each write raises, or a token that each write replaces.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the version",
    label = "not a version",
    note = "use `Version` for the field with `#[dynamo(version)]`; or `VersionToken` or `VersionBytes`, where each write of another program stores a new token"
)]
pub trait Revision: AttributeValue + Clone + Default + PartialEq + Send + Sync + 'static {
    /// Whether an item that has it was written by the one write that gave it.
    const IS_OF_ONE_WRITE: bool;

    /// Whether it is that of an item that was never written, which is stored nowhere.
    fn is_unsaved(&self) -> bool;

    /// That of the next write, where numbers start so.
    ///
    /// # Errors
    /// There is none.
    fn next(&self, first: Version) -> Result<Self, NoNextVersion>;

    /// A token, where it does not depend on what was there.
    fn token() -> Option<Result<Self, NoNextVersion>>;
}

/// Why there is no next version.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoNextVersion {
    /// The last number is reached.
    Exhausted,
    /// The system gives no random bytes.
    NoRandomness,
}

impl Revision for Version {
    const IS_OF_ONE_WRITE: bool = false;

    fn is_unsaved(&self) -> bool {
        *self == Self::UNSAVED
    }

    fn next(&self, first: Version) -> Result<Self, NoNextVersion> {
        if self.is_unsaved() {
            return Ok(first);
        }
        (*self).next().ok_or(NoNextVersion::Exhausted)
    }

    fn token() -> Option<Result<Self, NoNextVersion>> {
        None
    }
}

/// 128 bits of the system's randomness.
fn random() -> Result<[u8; 16], NoNextVersion> {
    let mut bytes = [0; 16];
    fill(&mut bytes).map_err(|_| NoNextVersion::NoRandomness)?;
    Ok(bytes)
}

/// The text of a random UUID (version 4), as most libraries make their tokens.
fn random_uuid() -> Result<Box<str>, NoNextVersion> {
    let mut bits = u128::from_be_bytes(random()?);
    bits = bits & !(0xf << 76) | 0x4 << 76;
    bits = bits & !(0x3 << 62) | 0x2 << 62;
    let mut text = format!("{bits:032x}");
    for place in [20, 16, 12, 8] {
        text.insert(place, '-');
    }
    Ok(text.into())
}

macro_rules! tokens {
    ($(
        $(#[$doc:meta])*
        $token:ident($content:ty as $borrowed:ty), $kind:ident, $form:literal:
        $write:ident, $read:ident, $random:expr, $get:ident;
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, Hash)]
        pub struct $token(Option<$content>);

        impl $token {
            /// The token of an item that was never written.
            pub const UNSAVED: Self = Self(None);

            /// This token.
            pub fn new(token: impl Into<$content>) -> Self {
                Self(Some(token.into()))
            }

            /// The token, or `None` of an item that was never written.
            pub fn $get(&self) -> Option<&$borrowed> {
                self.0.as_deref()
            }
        }

        /// Whether there is one.
        impl fmt::Debug for $token {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let token = if self.0.is_some() { ".." } else { "unsaved" };
                write!(formatter, concat!(stringify!($token), "({})"), token)
            }
        }

        /// The library writes no item without a token; what is to be compared with one is one.
        impl Encode for $token {
            fn encode(&self, writer: &mut Writer) {
                match &self.0 {
                    Some(token) => writer.$write(token),
                    None => writer.refuse("an item that was never stored has no token"),
                }
            }

            crate::codec::impls::own!();
        }

        impl Decode<'_> for $token {
            fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.$read().map(Self::new)
            }
        }

        stored_as!($kind, $form: $token);

        impl Revision for $token {
            const IS_OF_ONE_WRITE: bool = true;

            fn is_unsaved(&self) -> bool {
                self.0.is_none()
            }

            fn next(&self, _: Version) -> Result<Self, NoNextVersion> {
                $random.map(Self::new)
            }

            fn token() -> Option<Result<Self, NoNextVersion>> {
                Some($random.map(Self::new))
            }
        }
    )*};
}

tokens! {
    /// A version that is no number: a text (S) that every write replaces by another one, the text
    /// of a random UUID.
    ///
    /// It is for a table whose other programs do so, such as those of the lock clients: the field is
    /// `#[dynamo(version)] rvn: VersionToken`, with the conditions and guarantees of a
    /// [`Version`](super::Version).
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::VersionToken;
    ///
    /// #[derive(Entity, Clone, Debug, PartialEq)]
    /// #[dynamo(table = "locks")]
    /// struct Lock {
    ///     #[dynamo(partition_key)]
    ///     name: String,
    ///     owner: String,
    ///     #[dynamo(version)]
    ///     rvn: VersionToken,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = SecureClient::local().table::<Lock>().build().await?;
    /// let lock = Lock { name: "a".into(), owner: "ann".into(), rvn: VersionToken::UNSAVED };
    /// let lock = Lock::create(lock).send(&client).await?;
    /// assert_eq!(lock.rvn.as_str().map(str::len), Some(36));
    ///
    /// let taken = Lock::update(lock.to_key()).set(Lock::OWNER, "bob").at_version(lock.rvn.clone());
    /// let taken = taken.returning_new().send(&client).await?;
    /// assert_ne!(taken.rvn, lock.rvn);
    /// assert_ne!(taken.rvn, VersionToken::new("another"));
    /// assert!(Lock::replace(lock).send(&client).await.unwrap_err().is_condition_failed());
    /// # Ok(()) }
    /// ```
    VersionToken(Box<str> as str), Text, "token":
    string, string, random_uuid(), as_str;

    /// A version that is no number: bytes (B) that every write replaces by others, 16 random ones.
    ///
    /// It is for a table whose other programs do so, and used as a [`VersionToken`] is.
    ///
    /// ```
    /// use dynamo_runtime::VersionBytes;
    /// use dynamo_runtime::codec::{Encode, Writer};
    ///
    /// let guid = VersionBytes::new([1, 2]);
    /// assert_eq!(guid.as_bytes(), Some(&[1, 2][..]));
    /// assert_eq!(VersionBytes::UNSAVED.as_bytes(), None);
    /// let mut writer = Writer::default();
    /// guid.encode(&mut writer);
    /// assert_eq!(writer.finish()?, br#"{"B":"AQI="}"#);
    /// # Ok::<(), dynamo_runtime::codec::EncodeError>(())
    /// ```
    VersionBytes(Box<[u8]> as [u8]), Binary, "token":
    binary, binary, random(), as_bytes;
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::codec::tests::{decode, encode};

    #[test]
    fn a_token_is_the_text_of_a_random_uuid() {
        let tokens: HashSet<_> = (0..100).map(|_| random_uuid().unwrap()).collect();
        assert_eq!(tokens.len(), 100);
        for token in tokens {
            let parts: Vec<_> = token.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12], "{token}");
            assert_eq!(token.as_bytes()[14], b'4', "{token}");
            assert!(b"89ab".contains(&token.as_bytes()[19]), "{token}");
        }
    }

    #[test]
    fn each_next_token_is_another_one() {
        let first = VersionToken::UNSAVED.next(Version::FIRST).unwrap();
        let second = first.next(Version::FIRST).unwrap();
        assert!(!first.is_unsaved() && first != second);
        let bytes = VersionBytes::token().unwrap().unwrap();
        assert_ne!(Some(Ok(bytes.clone())), VersionBytes::token());
        assert_eq!(bytes.as_bytes().map(<[u8]>::len), Some(16));
    }

    #[test]
    fn a_token_of_whatever_text_is_read_and_not_shown() {
        let token = VersionToken::new("any");
        assert_eq!(decode(r#"{"S":"any"}"#), Ok(token.clone()));
        assert_eq!(encode(&token), r#"{"S":"any"}"#);
        assert_eq!(
            format!("{token:?} {:?}", VersionBytes::UNSAVED),
            "VersionToken(..) VersionBytes(unsaved)"
        );
        let mut writer = Writer::default();
        VersionToken::UNSAVED.encode(&mut writer);
        assert!(writer.finish().is_err());
    }

    #[test]
    fn a_number_starts_where_it_is_said() {
        let next = |version: Version, first| Revision::next(&version, Version::new(first));
        assert_eq!(next(Version::UNSAVED, 0), Ok(Version::new(0)));
        assert_eq!(next(Version::new(0), 0), Ok(Version::new(1)));
        assert_eq!(next(Version::new(u64::MAX), 0), Err(NoNextVersion::Exhausted));
    }
}
