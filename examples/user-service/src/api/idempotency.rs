//! Requests that are the same request, by the caller's `Idempotency-Key`.
//!
//! Source: [draft-ietf-httpapi-idempotency-key-header](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).

use std::time::Duration;

use axum::extract::OptionalFromRequestParts;
use axum::http::header::HeaderName;
use axum::http::request::Parts;
use dynamo_runtime::prelude::*;

use crate::auth::Caller;
use crate::fields::UserId;
use crate::problem::{Kind, Problem};
use crate::service::{DEADLINE, Service};

/// The header of the key.
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How long a request is known again.
const LIFE: Duration = Duration::from_hours(24);

/// A creation that was made, kept in the transaction that made it.
///
/// It has neither the body nor the answer: both hold what is nobody's business in a day's time.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", partition_key("pk") = "REQUEST#{request}")]
pub struct KeptRequest {
    /// A MAC of the caller and its key.
    pub request: String,
    /// A MAC of the body.
    pub body: String,
    /// The user that was created.
    pub created: UserId,
    /// When it is forgotten.
    #[dynamo(ttl)]
    pub expires_at: Timestamp,
}

impl KeptRequest {
    pub(super) fn new(
        service: &Service,
        caller: &Caller,
        key: &IdempotencyKey,
        body: &[u8],
        created: UserId,
    ) -> Self {
        let key = [caller.subject().as_bytes(), key.0.as_bytes()];
        Self {
            request: service.secret.fingerprint("idempotency key", &key),
            body: service.secret.fingerprint("body", &[body]),
            created,
            expires_at: Timestamp::now() + LIFE,
        }
    }

    /// The same request as it was made before, if it was.
    pub(super) async fn made_before(&self, service: &Service) -> Result<Option<Self>, Problem> {
        let key = Self::key(&*self.request);
        Ok(Self::get(key).deadline(DEADLINE).send(&service.client).await?)
    }

    /// The user that the earlier request created.
    ///
    /// # Errors
    /// The earlier request had another body.
    pub(super) fn created_by(&self, earlier: &Self) -> Result<UserId, Problem> {
        if earlier.body == self.body {
            Ok(earlier.created.clone())
        } else {
            Err(Kind::IdempotencyKeyReused.into())
        }
    }
}

/// The caller's name of a request.
pub(crate) struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Bare, or as the draft has it in quotes.
    fn parse(text: &str) -> Option<Self> {
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let key = quoted.unwrap_or(text);
        let is_key = (1..=64).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        is_key.then(|| Self(key.to_owned()))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => match value.to_str().ok().and_then(Self::parse) {
                Some(key) => Ok(Some(key)),
                None => Err(Kind::InvalidIdempotencyKey.into()),
            },
            (Some(_), Some(_)) => Err(Kind::InvalidIdempotencyKey.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_plain() {
        for key in ["a", "8e03978e-40d5-43dd-bc93-6894a57f9324", "\"quoted\"", &"x".repeat(64)] {
            assert!(IdempotencyKey::parse(key).is_some(), "{key}");
        }
        for key in ["", "\"\"", "\"a", "a b", "a@b", "é", &"x".repeat(65)] {
            assert!(IdempotencyKey::parse(key).is_none(), "{key}");
        }
    }
}
