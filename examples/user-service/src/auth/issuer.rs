//! Tokens that this service makes itself, for its logins and for local use.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64_simd::URL_SAFE_NO_PAD;
use dynamo_runtime::Timestamp;
use dynamo_runtime::error::BoxError;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use rcgen::{KeyPair, PKCS_ED25519};
use serde::Serialize;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use uuid::Uuid;

use super::claims::Party;
use super::keys::KeySet;
use super::scope::Scopes;

/// A private key of Ed25519.
#[derive(Clone)]
pub struct SigningKey {
    pem: String,
    key: EncodingKey,
    /// The thumbprint of its public key (RFC 7638).
    id: String,
    public_key: DecodingKey,
}

impl SigningKey {
    /// One that nobody else has.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random() -> Result<Self, BoxError> {
        Self::from_pem(&KeyPair::generate_for(&PKCS_ED25519)?.serialize_pem())
    }

    /// The key of a PEM text, in PKCS #8.
    ///
    /// # Errors
    /// It is none, or one of another algorithm.
    pub fn from_pem(pem: &str) -> Result<Self, BoxError> {
        const NONE: &str = "this is no private key of Ed25519 in PKCS #8";
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| NONE)?;
        let der = der.secret_pkcs8_der();
        // jsonwebtoken's reader of PEM takes a key that has its public half beside it, and cannot
        // tell that half.
        let pair = Ed25519KeyPair::from_pkcs8(der).map_err(|_| NONE)?;
        let x = URL_SAFE_NO_PAD.encode_to_string(pair.public_key());
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let thumbprint = digest(&SHA256, members.as_bytes());
        Ok(Self {
            pem: pem.to_owned(),
            key: EncodingKey::from_ed_der(der),
            id: URL_SAFE_NO_PAD.encode_to_string(thumbprint),
            public_key: DecodingKey::from_ed_components(&x)?,
        })
    }

    /// The key as it was read: for a file that only its owner can read.
    pub fn expose_pem(&self) -> &str {
        &self.pem
    }

    pub(super) fn key_set(&self) -> KeySet {
        KeySet::one(self.id.clone(), Algorithm::EdDSA, self.public_key.clone())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Makes tokens.
#[derive(Clone, Debug)]
pub struct Issuer {
    key: SigningKey,
    party: Party,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct TokenRequest<'a> {
    /// Who has it: the id of a user, or any other name.
    pub subject: &'a str,
    /// What it allows.
    pub scopes: Scopes,
    /// From now on.
    pub life: Duration,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: String,
    scope: String,
}

impl Issuer {
    pub(crate) fn new(key: SigningKey, party: Party) -> Self {
        Self { key, party }
    }

    pub(crate) fn issue(
        &self,
        request: &TokenRequest<'_>,
        now: Timestamp,
    ) -> Result<String, BoxError> {
        let now = now.epoch_seconds();
        let life = i64::try_from(request.life.as_secs())?;
        let claims = Claims {
            iss: &self.party.issuer,
            sub: request.subject,
            aud: &self.party.audience,
            exp: now.checked_add(life).ok_or("the token would never expire")?,
            nbf: now,
            iat: now,
            jti: Uuid::new_v4().to_string(),
            scope: request.scopes.to_string(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.key.id.clone());
        Ok(jsonwebtoken::encode(&header, &claims, &self.key.key)?)
    }
}

/// A token for local use, of the same kind as a login's.
impl SigningKey {
    /// Makes a token that a service with this key takes.
    ///
    /// # Errors
    /// Its life is too long to be written.
    pub fn issue(self, party: Party, request: &TokenRequest<'_>) -> Result<String, BoxError> {
        Issuer::new(self, party).issue(request, Timestamp::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_of_ed25519_is_taken_and_none_is_shown() {
        let key = SigningKey::random().unwrap();
        assert_eq!(SigningKey::from_pem(key.expose_pem()).unwrap().id, key.id);
        assert!(!format!("{key:?}").contains("PRIVATE"));
        let other = KeyPair::generate().unwrap().serialize_pem();
        for pem in ["", "hunter2", &other] {
            let error = SigningKey::from_pem(pem).unwrap_err().to_string();
            assert_eq!(error, "this is no private key of Ed25519 in PKCS #8");
        }
    }
}
