//! The public keys that tokens are signed with: a JSON Web Key set (RFC 7517).

use std::collections::HashMap;
use std::fmt;

use dynamo_runtime::error::BoxError;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use tracing::warn;

/// Longer than any set of keys, to bound what is read.
pub(super) const MAX_LENGTH: usize = 256 * 1024;

/// Keys by their ids.
#[derive(Default)]
pub(super) struct KeySet(HashMap<String, Key>);

/// A key and the one algorithm that it is used with, whatever a token says.
pub(super) struct Key {
    pub(super) algorithm: Algorithm,
    pub(super) key: DecodingKey,
}

/// What is read of a key. A symmetric or a private one is none that anybody should publish.
#[derive(Deserialize)]
struct Described {
    kid: String,
    kty: String,
    crv: String,
    x: String,
    y: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    d: Option<Value>,
}

impl KeySet {
    /// Reads each key alone: one that this service does not know hides no other.
    ///
    /// # Errors
    /// It is no key set, two keys have one id, or there is no key in it that can be used.
    pub(super) fn parse(json: &[u8]) -> Result<Self, BoxError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }

        if json.len() > MAX_LENGTH {
            return Err("the key set is longer than 256 KiB".into());
        }
        // Serde's words might quote what is no public key.
        let Ok(Set { keys }) = serde_json::from_slice(json) else {
            return Err("this is no JSON Web Key set".into());
        };
        let mut set = Self::default();
        for key in keys {
            let Some((id, key)) = Described::deserialize(&key).ok().and_then(Described::into_key)
            else {
                warn!("a key of the set is none that tokens here are signed with");
                continue;
            };
            if set.0.insert(id, key).is_some() {
                return Err("two keys of the set have one id".into());
            }
        }
        if set.0.is_empty() {
            return Err("no key of the set is for EdDSA or ES256, with an id".into());
        }
        Ok(set)
    }

    pub(super) fn one(id: String, algorithm: Algorithm, key: DecodingKey) -> Self {
        Self(HashMap::from([(id, Key { algorithm, key })]))
    }

    pub(super) fn get(&self, id: &str) -> Option<&Key> {
        self.0.get(id)
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Described {
    fn into_key(self) -> Option<(String, Key)> {
        if self.d.is_some() || self.kid.is_empty() || self.purpose.is_some_and(|of| of != "sig") {
            return None;
        }
        let alg = self.alg.as_deref();
        let (algorithm, key) = match (&*self.kty, &*self.crv) {
            ("OKP", "Ed25519") if matches!(alg, None | Some("EdDSA" | "Ed25519")) => {
                (Algorithm::EdDSA, DecodingKey::from_ed_components(&self.x))
            }
            ("EC", "P-256") if matches!(alg, None | Some("ES256")) => {
                (Algorithm::ES256, DecodingKey::from_ec_components(&self.x, self.y.as_deref()?))
            }
            _ => return None,
        };
        Some((self.kid, Key { algorithm, key: key.ok()? }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn parse(keys: &Value) -> Result<KeySet, String> {
        KeySet::parse(&serde_json::to_vec(&json!({ "keys": keys })).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_odd_key_hides_no_other() {
        let set = parse(&json!([
            { "kid": 7, "kty": "OKP", "crv": "Ed25519", "x": X },
            { "kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB" },
            "a text",
            { "kid": "good", "kty": "OKP", "crv": "Ed25519", "x": X, "alg": "Ed25519", "use": "sig" },
        ]))
        .unwrap();
        assert_eq!(format!("{set:?}"), r#"{"good"}"#);
    }

    #[test]
    fn what_is_no_public_key_for_signatures_is_left_out() {
        for key in [
            json!({ "kid": "k", "kty": "oct", "k": "c2VjcmV0", "crv": "", "x": "" }),
            json!({ "kid": "k", "kty": "OKP", "crv": "Ed25519", "x": X, "use": "enc" }),
            json!({ "kid": "k", "kty": "OKP", "crv": "Ed25519", "x": X, "alg": "HS256" }),
            json!({ "kid": "k", "kty": "OKP", "crv": "Ed25519", "x": X, "d": "c2VjcmV0" }),
            json!({ "kid": "k", "kty": "OKP", "crv": "X25519", "x": X }),
            json!({ "kid": "k", "kty": "EC", "crv": "P-256", "x": X }),
            json!({ "kid": "k", "kty": "EC", "crv": "P-384", "x": X, "y": X }),
            json!({ "kid": "", "kty": "OKP", "crv": "Ed25519", "x": X }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": X }),
        ] {
            assert!(parse(&json!([key])).is_err(), "{key}");
        }
    }

    #[test]
    fn a_set_that_could_be_taken_for_two_is_refused() {
        let key = json!({ "kid": "k", "kty": "OKP", "crv": "Ed25519", "x": X });
        assert!(parse(&json!([key, key])).unwrap_err().contains("one id"));
        assert!(KeySet::parse(b"hunter2").unwrap_err().to_string().contains("no JSON Web Key"));
        assert!(KeySet::parse(&vec![b' '; MAX_LENGTH + 1]).is_err());
    }
}
