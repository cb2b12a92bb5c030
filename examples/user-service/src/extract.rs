//! What a handler takes from a request, parsed or refused.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, IF_MATCH};
use axum::http::request::Parts;
use dynamo_runtime::Version;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_json::{Deserializer, Error};
use tokio::time::timeout;

use crate::password::Password;
use crate::problem::{Field, Kind, Problem};
use crate::routes::Limit;
use crate::user::{Domain, EmailAddress, Expiry, Name, UserId};

/// The time that a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Kind::UnsupportedMediaType.into());
        }
        match timeout(BODY_TIMEOUT, Bytes::from_request(request, state)).await {
            Ok(Ok(bytes)) => parse(&bytes).map(Self),
            Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Kind::BodyTooLarge.into())
            }
            Ok(Err(_)) | Err(_) => Err(Kind::BodyIncomplete.into()),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// Serde's own words quote what was sent, a password too, so only the rule of a field is told.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = field(&error.path().to_string());
        refuse(error.inner(), field)
    })?;
    json.end().map_err(|error| refuse(&error, None))?;
    Ok(value)
}

fn refuse(error: &Error, field: Option<Field>) -> Problem {
    match error.classify() {
        Category::Data => Problem::invalid_field(field),
        Category::Syntax | Category::Eof | Category::Io => Kind::MalformedJson.into(),
    }
}

fn field(path: &str) -> Option<Field> {
    const FIELDS: [Field; 7] = [
        Field { name: "user_id", rule: UserId::RULE },
        Field { name: "email", rule: EmailAddress::RULE },
        Field { name: "domain", rule: Domain::RULE },
        Field { name: "name", rule: Name::RULE },
        Field { name: "password", rule: Password::RULE },
        Field { name: "expires_at", rule: Expiry::RULE },
        Field { name: "limit", rule: Limit::RULE },
    ];
    FIELDS.into_iter().find(|field| field.name == path)
}

/// The id in the path; a text that is no id names no user.
pub(crate) struct UserPath(pub(crate) UserId);

impl<S: Send + Sync> FromRequestParts<S> for UserPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<UserId>::from_request_parts(parts, state).await {
            Ok(Path(user_id)) => Ok(Self(user_id)),
            Err(_) => Err(Kind::UserNotFound.into()),
        }
    }
}

/// The version that the caller has seen, from `If-Match` with one strong `ETag`.
///
/// `*` and lists are refused: each would change what the caller has not seen.
pub(crate) struct IfMatch(pub(crate) Version);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        match (values.next(), values.next()) {
            (None, _) => Err(Kind::IfMatchRequired.into()),
            (Some(value), None) => {
                version(value).map(Self).ok_or_else(|| Kind::InvalidIfMatch.into())
            }
            (Some(_), Some(_)) => Err(Kind::InvalidIfMatch.into()),
        }
    }
}

/// The `ETag` of a version.
pub(crate) fn etag(version: Version) -> String {
    format!("\"{version}\"")
}

fn version(value: &HeaderValue) -> Option<Version> {
    let text = value.to_str().ok()?;
    let number = text.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    let version = Version::new(number);
    // Only what the service gave: no `+1`, no `01`, and no version before the first.
    (etag(version) == text && version >= Version::FIRST).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_reads_back_as_its_version() {
        for number in [1, 7, u64::MAX] {
            let value = HeaderValue::try_from(etag(Version::new(number))).unwrap();
            assert_eq!(version(&value), Some(Version::new(number)));
        }
    }

    #[test]
    fn what_the_service_never_gave_is_no_version() {
        for text in [
            "",
            "*",
            "1",
            "\"\"",
            "\"0\"",
            "\"01\"",
            "\"+1\"",
            "\"-1\"",
            "W/\"1\"",
            "\"1\", \"2\"",
            "\"1",
            "\"18446744073709551616\"",
            "\"one\"",
        ] {
            assert_eq!(version(&HeaderValue::try_from(text).unwrap()), None, "{text}");
        }
    }

    #[test]
    fn a_refused_body_is_never_quoted() {
        let problem = parse::<Vec<u8>>(br#"["hunter2"]"#).unwrap_err();
        assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
    }
}
