//! Tokens whose signature has been verified: a caller sends the same one with each request.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};

use super::claims::Claims;
use super::keys::KeySet;

/// Tokens that are known at a time: of so many callers within a minute or so.
const MAX: usize = 4096;

/// Tokens by their SHA-256, so that none is kept. What they say of time is for the caller to check anew.
#[derive(Default)]
pub(super) struct Verified(Mutex<HashMap<[u8; 32], Known>>);

struct Known {
    /// With which it was verified: after any change of them it is verified again.
    keys: Arc<KeySet>,
    claims: Arc<Claims>,
}

impl Verified {
    /// What this token says, if it was verified with just these keys; else as `verify` finds it, which is kept.
    pub(super) fn get_or_verify(
        &self,
        token: &str,
        keys: &Arc<KeySet>,
        verify: impl FnOnce() -> Option<Claims>,
    ) -> Option<Arc<Claims>> {
        let hash: [u8; 32] = digest(&SHA256, token.as_bytes()).as_ref().try_into().ok()?;
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(&hash)
            && Arc::ptr_eq(&known.keys, keys)
        {
            return Some(Arc::clone(&known.claims));
        }
        let claims = Arc::new(verify()?);
        let mut known = known();
        if known.len() >= MAX {
            known.clear();
        }
        known.insert(hash, Known { keys: Arc::clone(keys), claims: Arc::clone(&claims) });
        Some(claims)
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verified")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(subject: &str) -> Option<Claims> {
        let json = format!(r#"{{"iss":"i","aud":"a","exp":1,"sub":"{subject}"}}"#);
        serde_json::from_str(&json).ok()
    }

    fn is_verified_again(verified: &Verified, token: &str, keys: &Arc<KeySet>) -> bool {
        let mut is_asked = false;
        let found = verified.get_or_verify(token, keys, || {
            is_asked = true;
            claims(token)
        });
        assert!(found.is_some());
        is_asked
    }

    #[test]
    fn a_token_is_verified_once_with_the_same_keys() {
        let (verified, keys) = (Verified::default(), Arc::<KeySet>::default());
        assert!(is_verified_again(&verified, "one", &keys));
        assert!(!is_verified_again(&verified, "one", &keys));
        assert!(is_verified_again(&verified, "two", &keys));
        // Equal ones that were read anew are others: a key may be another under its id.
        let renewed = Arc::<KeySet>::default();
        assert!(is_verified_again(&verified, "one", &renewed));
        assert!(is_verified_again(&verified, "one", &keys));
    }

    #[test]
    fn what_was_refused_is_not_known() {
        let (verified, keys) = (Verified::default(), Arc::<KeySet>::default());
        for _ in 0..2 {
            assert!(verified.get_or_verify("one", &keys, || None).is_none());
        }
        assert!(is_verified_again(&verified, "one", &keys));
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let (verified, keys) = (Verified::default(), Arc::<KeySet>::default());
        for number in 0..2 * MAX {
            is_verified_again(&verified, &number.to_string(), &keys);
            assert!(verified.0.lock().unwrap().len() <= MAX);
        }
    }
}
