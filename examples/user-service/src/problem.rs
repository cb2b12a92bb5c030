//! What went wrong, as `application/problem+json` (RFC 9457).
//!
//! A caller learns a code and a correlation id; the log learns the cause, under the same id.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dynamo_runtime::{Error, WriteError};
use serde::Serialize;
use tracing::{Instrument, error, info, info_span};
use uuid::Uuid;

use crate::log::Causes;
use crate::user::User;

/// The response header that repeats a problem's `correlation_id`.
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

macro_rules! kinds {
    ($($kind:ident: $status:ident, $code:literal, $title:literal;)+) => {
        /// Each way in which a request can fail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind {
            $($kind,)+
        }

        impl Kind {
            fn describe(self) -> (StatusCode, &'static str, &'static str) {
                match self {
                    $(Self::$kind => (StatusCode::$status, $code, $title),)+
                }
            }
        }
    };
}

kinds! {
    NoRoute: NOT_FOUND, "no-route", "There is nothing at this path";
    MethodNotAllowed: METHOD_NOT_ALLOWED, "method-not-allowed", "This path has other methods";
    UnsupportedMediaType: UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body must be application/json";
    MalformedJson: BAD_REQUEST, "malformed-json", "The body is not JSON";
    InvalidBody: UNPROCESSABLE_ENTITY, "invalid-body", "The body does not fit what this path takes";
    BodyTooLarge: PAYLOAD_TOO_LARGE, "body-too-large", "The body is longer than 16 KiB";
    BodyIncomplete: REQUEST_TIMEOUT, "body-incomplete", "The body did not arrive in time";
    IfMatchRequired: PRECONDITION_REQUIRED, "if-match-required", "A change needs If-Match with the ETag of the user";
    InvalidIfMatch: BAD_REQUEST, "invalid-if-match", "If-Match takes one ETag that this service gave";
    UserNotFound: NOT_FOUND, "user-not-found", "There is no such user";
    VersionMovedOn: PRECONDITION_FAILED, "version-moved-on", "The user was changed since that ETag";
    UserExists: CONFLICT, "user-exists", "There is a user with this id";
    Throttled: SERVICE_UNAVAILABLE, "throttled", "The service is busy";
    Timeout: GATEWAY_TIMEOUT, "timeout", "The service did not answer in time";
    OutcomeUnknown: SERVICE_UNAVAILABLE, "outcome-unknown", "It is not known whether the change was made";
    Internal: INTERNAL_SERVER_ERROR, "internal", "The service failed";
}

impl Kind {
    fn of_call(error: &Error) -> Self {
        if error.is_throttled() {
            Self::Throttled
        } else if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Internal
        }
    }

    /// The kind of an error response that came from beneath the handlers.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NoRoute,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            _ => Self::Internal,
        }
    }
}

/// What a handler gives instead of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    kind: Kind,
    field: Option<Field>,
    /// For the log only.
    cause: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The field of a body that breaks its rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) rule: &'static str,
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self { kind, field: None, cause: None }
    }
}

impl Problem {
    pub(crate) fn invalid_field(field: Option<Field>) -> Self {
        Self { field, ..Kind::InvalidBody.into() }
    }

    pub(crate) fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { cause: Some(Arc::from(cause.into())), ..Kind::Internal.into() }
    }

    /// A creation that was refused: a condition that fails means that the id is taken.
    pub(crate) fn of_create(error: WriteError<User>) -> Self {
        Self::of_write(error, |_| Kind::UserExists)
    }

    /// A change that was refused: the user is absent or has another version.
    pub(crate) fn of_change(error: WriteError<User>) -> Self {
        Self::of_write(error, |error| {
            if error.is_absent() { Kind::UserNotFound } else { Kind::VersionMovedOn }
        })
    }

    fn of_write(error: WriteError<User>, failed: impl FnOnce(&WriteError<User>) -> Kind) -> Self {
        let kind = if error.is_outcome_unknown() {
            // A condition may fail because an earlier attempt, whose answer was lost, fulfilled it.
            Kind::OutcomeUnknown
        } else if error.is_condition_failed() {
            return failed(&error).into();
        } else {
            Kind::of_call(error.as_error())
        };
        Self { cause: Some(Arc::new(Error::from(error))), ..kind.into() }
    }
}

/// The error of a read.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let kind = Kind::of_call(&error);
        Self { cause: Some(Arc::new(error)), ..kind.into() }
    }
}

/// The response carries the problem to [`answer`], which alone knows the correlation id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, ..) = self.kind.describe();
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Kind {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

/// Gives each request its correlation id and its line in the log, and each problem its body.
///
/// A caller's own id is not taken over, and neither the path nor a body is logged: the route is.
pub(crate) async fn answer(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let correlation_id = Uuid::new_v4().to_string();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let span = info_span!("request", %correlation_id, method = %request.method(), route);
    let started = Instant::now();
    async move {
        let mut response = next.run(request).await;
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            response = describe(response, &correlation_id);
        }
        if let Ok(correlation_id) = HeaderValue::try_from(&correlation_id) {
            response.headers_mut().insert(CORRELATION_ID, correlation_id);
        }
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        info!(status = status.as_u16(), elapsed = ?started.elapsed(), "answered");
        response
    }
    .instrument(span)
    .await
}

/// Puts the problem into the body, and its cause into the log.
fn describe(mut response: Response, correlation_id: &str) -> Response {
    let problem = response
        .extensions_mut()
        .remove::<Problem>()
        .unwrap_or_else(|| Kind::of_status(response.status()).into());
    let (status, code, title) = problem.kind.describe();
    if let Some(cause) = &problem.cause {
        error!(code, cause = %Causes(&**cause), "failed");
    }
    let body = Body {
        kind: format!("urn:user-service:problem:{code}"),
        title,
        status: status.as_u16(),
        code,
        correlation_id,
        field: problem.field.map(|field| field.name),
        detail: problem.field.map(|field| field.rule),
    };
    let (_, body) = Json(body).into_response().into_parts();
    *response.status_mut() = status;
    *response.body_mut() = body;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, PROBLEM_JSON);
    if problem.kind == Kind::Throttled {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    code: &'a str,
    correlation_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}
