//! Bearer tokens (RFC 6750): JSON Web Tokens, signed with `EdDSA` or `ES256` by a key that is known.

use std::sync::Arc;

use dynamo_runtime::Timestamp;
use dynamo_runtime::error::BoxError;
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::{self, CryptoProvider};
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde::Deserialize;
use serde_json::Value;

use super::claims::Party;
use super::issuer::Issuer;
use super::scope::Scopes;
use super::source::Keys;
use super::verified::Verified;
use crate::config;

/// Longer than any token that is made here, to bound what is read.
const MAX_LENGTH: usize = 8 * 1024;

/// Verifies tokens.
#[derive(Debug)]
pub struct Tokens {
    keys: Keys,
    party: Party,
    verified: Verified,
}

/// The header of a token. `jsonwebtoken` does not know RFC 9864's name of Ed25519, nor does it
/// refuse what a token calls critical.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    typ: Option<String>,
    crit: Option<Value>,
}

impl Header {
    fn of(encoded: &str) -> Option<Self> {
        let json = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(encoded).ok()?;
        let header: Self = serde_json::from_slice(&json).ok()?;
        let is_known = header.typ.as_deref().is_none_or(|typ| {
            // RFC 9068 has access tokens as another type than what an OpenID login gives.
            ["jwt", "at+jwt"].iter().any(|known| typ.eq_ignore_ascii_case(known))
        });
        (is_known && header.crit.is_none()).then_some(header)
    }

    /// What a token is signed with must be one of these, whatever the key could do.
    fn algorithm(&self) -> Option<Algorithm> {
        match &*self.alg {
            "EdDSA" | "Ed25519" => Some(Algorithm::EdDSA),
            "ES256" => Some(Algorithm::ES256),
            _ => None,
        }
    }
}

impl Tokens {
    /// Reads the keys, and gives an issuer where the service has a key of its own to sign with.
    ///
    /// # Errors
    /// There are no keys where they should be.
    pub async fn start(config: &config::Tokens) -> Result<(Self, Option<Issuer>), BoxError> {
        // Without exactly one provider its first use would panic.
        CryptoProvider::try_get_default().ok_or("no cryptography is linked for tokens")?;
        let (keys, issuer) = match &config.keys {
            config::TokenKeys::ForThisRun(key) | config::TokenKeys::Own(key) => {
                let keys = Keys::Own(Arc::new(key.key_set()));
                (keys, Some(Issuer::new(key.clone(), config.party.clone())))
            }
            config::TokenKeys::File(path) => (Keys::of_file(path)?, None),
            config::TokenKeys::Url(url) => (Keys::of_url(url.clone()).await?, None),
        };
        let (party, verified) = (config.party.clone(), Verified::default());
        Ok((Self { keys, party, verified }, issuer))
    }

    /// The subject and the scopes of a token, if it is valid.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Option<(String, Scopes)> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        if payload.contains('.') {
            return None;
        }
        let header = Header::of(header)?;
        let algorithm = header.algorithm()?;
        let keys = self.keys.current(&header.kid).await;
        let key = keys.get(&header.kid).filter(|key| key.algorithm == algorithm)?;
        let claims = self.verified.get_or_verify(token, &keys, || {
            let is_signed = crypto::verify(signature, message.as_bytes(), &key.key, algorithm);
            if !is_signed.is_ok_and(|is_signed| is_signed) {
                return None;
            }
            // Not insecure: the signature of just this text has been verified.
            insecure_decode_claims(token).ok()
        })?;
        claims.check(&self.party, now)
    }
}
