//! A body of JSON, parsed or refused.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Error;
use serde_json::error::Category;
use tokio::time::timeout;

use super::search::Limit;
use crate::auth::Password;
use crate::fields::{Domain, EmailAddress, Expiry, Name, UserId};
use crate::problem::{Field, Kind, Problem};

/// The longest body that is read, in bytes.
pub(crate) const MAX_BODY: usize = 16 * 1024;

/// The time that a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";

/// A JSON body.
pub(crate) struct Json<T> {
    pub(super) value: T,
    /// As it arrived.
    pub(super) bytes: Bytes,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state, JSON).await?;
        Ok(Self { value: parse(&bytes)?, bytes })
    }
}

/// A merge patch (RFC 7396): what is not named stays, and null removes.
pub(crate) struct MergePatch<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for MergePatch<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        parse(&read(request, state, MERGE_PATCH).await?).map(Self)
    }
}

async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
    content_type: &str,
) -> Result<Bytes, Problem> {
    if !is_of(request.headers(), content_type) {
        return Err(Kind::UnsupportedMediaType.into());
    }
    match timeout(BODY_TIMEOUT, Bytes::from_request(request, state)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Kind::BodyTooLarge.into())
        }
        Ok(Err(_)) | Err(_) => Err(Kind::BodyIncomplete.into()),
    }
}

/// Whether the one content type is this one; parameters change nothing about JSON.
fn is_of(headers: &HeaderMap, content_type: &str) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let value = values.next().filter(|_| values.next().is_none());
    value
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(content_type))
}

/// Serde's own words quote what was sent, a password too, so only the rule of a field is told.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = field(&error.path().to_string());
        refuse(error.inner(), field)
    })?;
    json.end().map_err(|error| refuse(&error, None))?;
    // Serde takes an array for a struct, its elements for the fields in their order.
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Ok(value),
        _ => Err(Kind::InvalidBody.into()),
    }
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

/// A member of a merge patch that is named: absent is None by serde's `default`, and null is what
/// the type makes of it.
pub(super) fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The id in the path; a text that is no id names no user.
pub(crate) struct UserPath(pub(super) UserId);

impl<S: Send + Sync> FromRequestParts<S> for UserPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<UserId>::from_request_parts(parts, state).await {
            Ok(Path(user_id)) => Ok(Self(user_id)),
            Err(_) => Err(Kind::UserNotFound.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::body::Body;
    use hyper::body::Frame;

    use super::*;

    /// A body of which nothing ever arrives.
    struct Never;

    impl hyper::body::Body for Never {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_has_its_time() {
        let request = Request::post("/users").header(CONTENT_TYPE, JSON);
        let request = request.body(Body::new(Never)).unwrap();
        let begun = tokio::time::Instant::now();
        let refused = Json::<serde_json::Value>::from_request(request, &()).await.err().unwrap();
        assert_eq!(refused.kind(), Kind::BodyIncomplete);
        assert_eq!(begun.elapsed(), BODY_TIMEOUT);
    }

    #[test]
    fn a_refused_body_is_never_quoted() {
        let problem = parse::<Vec<u8>>(br#"["hunter2"]"#).unwrap_err();
        assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
    }

    #[test]
    fn an_array_is_no_object() {
        #[derive(Deserialize)]
        struct One {
            #[expect(dead_code, reason = "only whether it parses")]
            name: String,
        }

        assert!(parse::<One>(br#" {"name":"a"}"#).is_ok());
        assert_eq!(parse::<One>(br#" ["a"]"#).err().unwrap().kind(), Kind::InvalidBody);
    }
}
