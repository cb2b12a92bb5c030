//! What a token must say, once its signature has been verified.

use std::time::Duration;

use dynamo_runtime::Timestamp;
use serde::Deserialize;

use super::scope::Scopes;

/// Clocks differ by so much.
const LEEWAY: Duration = Duration::from_secs(30);

/// Longer than any identity provider's subject (`OpenID` Connect Core, section 2).
const MAX_SUBJECT: usize = 255;

/// Who has made a token, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The claim `iss`.
    pub issuer: String,
    /// The claim `aud`.
    pub audience: String,
}

/// The claims that are read; a name that is there twice is refused by serde.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    #[serde(default)]
    scope: String,
}

/// One text or a list of them (RFC 7519, section 4.1.3).
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Claims {
    /// The subject and the scopes, if the token is for this service, here and now.
    ///
    /// A token for two audiences could be sent on by the other one, so it is refused.
    pub(super) fn check(&self, party: &Party, now: Timestamp) -> Option<(String, Scopes)> {
        let audience = match &self.aud {
            Audience::One(audience) => audience,
            Audience::Several(audiences) => match &audiences[..] {
                [audience] => audience,
                _ => return None,
            },
        };
        let is_ours = self.iss == party.issuer && *audience == party.audience;
        #[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^53")]
        let now = now.epoch_seconds() as f64;
        let leeway = LEEWAY.as_secs_f64();
        // Nothing holds of a number that is none.
        let is_alive = now < self.exp + leeway;
        let has_begun = [self.nbf, self.iat].into_iter().flatten().all(|time| time <= now + leeway);
        let is_named = (1..=MAX_SUBJECT).contains(&self.sub.len());
        let is_valid = is_ours && is_alive && has_begun && is_named;
        is_valid.then(|| (self.sub.clone(), Scopes::of_claim(&self.scope)))
    }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn check(change: &[(&str, Value)]) -> Option<String> {
        let mut claims = json!({
            "iss": "issuer", "aud": "service", "sub": "ada", "exp": NOW + 60, "nbf": NOW, "iat": NOW,
        });
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).ok()?;
        let party = Party { issuer: "issuer".to_owned(), audience: "service".to_owned() };
        let now = Timestamp::from_epoch_seconds(NOW).unwrap();
        claims.check(&party, now).map(|(subject, _)| subject)
    }

    #[test]
    fn a_token_is_for_one_audience_of_one_issuer_at_one_time() {
        assert_eq!(check(&[]).as_deref(), Some("ada"));
        for good in [
            ("aud", json!(["service"])),
            ("exp", json!(NOW - 29)),
            ("exp", json!(1_800_000_000.5)),
            ("nbf", json!(NOW + 30)),
            ("nbf", json!(null)),
            ("iat", json!(null)),
        ] {
            assert!(check(slice::from_ref(&good)).is_some(), "{good:?}");
        }
        for bad in [
            ("iss", json!("issuer2")),
            ("iss", json!(null)),
            ("iss", json!(["issuer"])),
            ("aud", json!("other")),
            ("aud", json!(null)),
            ("aud", json!([])),
            ("aud", json!(["service", "other"])),
            ("aud", json!(["service", "service"])),
            ("exp", json!(NOW - 30)),
            ("exp", json!(null)),
            ("exp", json!("1900000000")),
            ("nbf", json!(NOW + 31)),
            ("iat", json!(NOW + 31)),
            ("nbf", json!("now")),
            ("sub", json!("")),
            ("sub", json!(null)),
            ("sub", json!("x".repeat(256))),
            ("scope", json!(["admin"])),
        ] {
            assert_eq!(check(slice::from_ref(&bad)), None, "{bad:?}");
        }
    }
}
