//! What went wrong, as `application/problem+json` (RFC 9457).
//!
//! A caller learns a code and a correlation id; the log learns the cause, under the same id.

mod kind;

use std::error::Error as StdError;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use dynamo_runtime::error::BoxError;
use dynamo_runtime::{Error, TransactionError};
use serde::Serialize;
use tracing::error;
use utoipa::ToSchema;

pub(crate) use self::kind::Kind;
use crate::log::Causes;

/// The content type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// What a handler gives instead of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    kind: Kind,
    field: Option<Field>,
    /// In seconds, where the kind has not one of its own.
    retry_after: Option<u64>,
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
        Self { kind, field: None, retry_after: None, cause: None }
    }
}

impl Problem {
    pub(crate) fn invalid_field(field: Option<Field>) -> Self {
        Self { field, ..Kind::InvalidBody.into() }
    }

    pub(crate) fn internal(cause: impl Into<BoxError>) -> Self {
        Kind::Internal.because(cause)
    }

    pub(crate) fn rate_limited(retry_after: u64) -> Self {
        Self { retry_after: Some(retry_after), ..Kind::RateLimited.into() }
    }

    #[cfg(test)]
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// A transaction that failed: `condition` tells what its failed conditions mean.
    pub(crate) fn of_transaction(
        error: TransactionError,
        condition: impl FnOnce(&TransactionError) -> Option<Kind>,
    ) -> Self {
        if error.is_outcome_unknown() {
            return Kind::OutcomeUnknown.because(error);
        }
        if let Some(kind) = error.is_condition_failed().then(|| condition(&error)).flatten() {
            return kind.into();
        }
        let is_passing = error.is_throttled() || error.is_conflict();
        let kind = if is_passing { Kind::Throttled } else { Kind::of_call(error.as_error()) };
        kind.because(error)
    }

    /// Puts the problem into the body of a response, and its cause into the log.
    ///
    /// Nothing else is a caller told: what came from beneath the handlers loses its text.
    pub(crate) fn describe(response: &mut Response, correlation_id: &str) -> &'static str {
        let status = response.status();
        let problem = response.extensions_mut().remove::<Self>();
        let problem = problem.unwrap_or_else(|| Kind::of_status(status).into());
        let (status, code, title) = problem.kind.describe();
        if let Some(cause) = &problem.cause {
            error!(code, cause = %Causes(&**cause), "failed");
        }
        let described = Described {
            kind: format!("urn:user-service:problem:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            correlation_id: correlation_id.to_owned(),
            field: problem.field.map(|field| field.name.to_owned()),
            detail: problem.field.map(|field| field.rule.to_owned()),
        };
        let (_, body): (_, Body) = Json(described).into_response().into_parts();
        *response.status_mut() = status;
        *response.body_mut() = body;
        let headers = response.headers_mut();
        let allowed = headers.remove(ALLOW);
        headers.clear();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(allowed) = allowed {
            headers.insert(ALLOW, allowed);
        }
        let is_passing =
            matches!(problem.kind, Kind::Throttled | Kind::Busy | Kind::NotReady | Kind::Stopping);
        if let Some(seconds) = problem.retry_after.or(is_passing.then_some(1)) {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(challenge) = problem.kind.challenge() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        code
    }
}

impl Kind {
    /// With its cause, for the log.
    pub(crate) fn because(self, cause: impl Into<BoxError>) -> Problem {
        Problem { cause: Some(Arc::from(cause.into())), ..self.into() }
    }
}

/// The error of a read.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Kind::of_call(&error).because(error)
    }
}

/// The response carries the problem to the edge, which alone knows the correlation id.
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

/// Whether a response is a problem, for which [`Problem::describe`] makes the body.
pub(crate) fn is_problem(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// A refusal, by RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Described {
    /// The kind of the problem, as a URN that ends with `code`.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: String,
    /// The status of the response.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// The kind in one stable word.
    code: String,
    /// By which the operator finds the cause in the log.
    correlation_id: String,
    /// The field of the body that breaks its rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<String>,
    /// The rule of that field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
}
