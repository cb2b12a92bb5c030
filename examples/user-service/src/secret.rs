//! The service's one secret, and what is made from it.

use std::fmt;

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use dynamo_runtime::operation::{CursorKey, CursorKeys};
use uuid::Uuid;

use crate::fields::Invalid;

/// 32 random bytes that all instances share: cursors are sealed with it, and what must be compared
/// and not read is stored as a MAC under it.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// One that no other process has.
    pub fn random() -> Self {
        let mut bytes = [0; 32];
        for half in bytes.chunks_exact_mut(16) {
            half.copy_from_slice(Uuid::new_v4().as_bytes());
        }
        // The fixed bits of the two ids go.
        Self(Self(bytes).mac("random", &[]))
    }

    /// The secret of 64 hexadecimal digits.
    ///
    /// # Errors
    /// The text is another.
    pub fn from_hex(text: &str) -> Result<Self, Invalid> {
        const INVALID: Invalid = Invalid::new("a secret is 64 hexadecimal digits");
        let digits = text.trim().as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 64 {
            return Err(INVALID);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |digit: u8| char::from(digit).to_digit(16);
            match pair {
                [high, low] => {
                    let value = digit(*high).zip(digit(*low)).ok_or(INVALID)?;
                    *byte = u8::try_from(value.0 * 16 + value.1).map_err(|_| INVALID)?;
                }
                _ => return Err(INVALID),
            }
        }
        Ok(Self(bytes))
    }

    /// The keys of cursors.
    pub(crate) fn cursors(&self) -> CursorKeys {
        CursorKeys::new(CursorKey::from_bytes(&self.mac("cursors", &[])))
    }

    /// What stands for these parts where they must not be stored, as hexadecimal digits.
    pub fn fingerprint(&self, purpose: &str, parts: &[&[u8]]) -> String {
        use std::fmt::Write;

        self.mac(purpose, parts).iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// Each part stands behind its length, so that no two lists of parts are written alike.
    fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&hmac::Key::new(HMAC_SHA256, &self.0));
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(context.sign().as_ref()).for_each(|(byte, of_tag)| *byte = *of_tag);
        bytes
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_its_digits() {
        let text = "0001".repeat(16);
        assert_eq!(Secret::from_hex(&format!("{text}\n")).unwrap().0[..4], [0, 1, 0, 1]);
        for text in ["", "00", &"0g".repeat(32), &"00".repeat(33), &"é".repeat(32)] {
            assert!(Secret::from_hex(text).is_err(), "{text}");
        }
        assert_ne!(Secret::random().0, Secret::random().0);
    }

    #[test]
    fn a_fingerprint_is_of_its_purpose_and_of_each_part() {
        let secret = Secret::random();
        let of = |purpose: &str, parts: &[&[u8]]| secret.fingerprint(purpose, parts);
        let one = of("body", &[b"ab", b"c"]);
        assert_eq!(one, of("body", &[b"ab", b"c"]));
        assert_ne!(one, of("caller", &[b"ab", b"c"]));
        assert_ne!(one, of("body", &[b"a", b"bc"]));
        assert_ne!(one, Secret::random().fingerprint("body", &[b"ab", b"c"]));
        assert_eq!(one.len(), 64);
    }
}
