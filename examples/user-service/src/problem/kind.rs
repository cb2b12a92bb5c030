//! Each way in which a request can fail: its status, its stable code and its title.

use axum::http::StatusCode;
use dynamo_runtime::Error;

macro_rules! kinds {
    ($($kind:ident: $status:ident, $code:literal, $title:literal;)+) => {
        /// Each way in which a request can fail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind {
            $($kind,)+
        }

        impl Kind {
            /// All of them, for the document of the interface.
            pub(crate) const ALL: &[Self] = &[$(Self::$kind,)+];

            pub(crate) fn describe(self) -> (StatusCode, &'static str, &'static str) {
                match self {
                    $(Self::$kind => (StatusCode::$status, $code, $title),)+
                }
            }
        }
    };
}

kinds! {
    // The edge.
    NotOverTls: FORBIDDEN, "not-over-tls", "This request did not come over TLS all the way";
    NoClientAddress: FORBIDDEN, "no-client-address", "The proxy did not say whose request this is";
    InvalidHost: BAD_REQUEST, "invalid-host", "A request names one host";
    InvalidPath: BAD_REQUEST, "invalid-path", "A path here has no percent-encoding, no empty segment and none that ends with a dot";
    InvalidQuery: BAD_REQUEST, "invalid-query", "No path here takes a query string";
    NoRoute: NOT_FOUND, "no-route", "There is nothing at this path";
    MethodNotAllowed: METHOD_NOT_ALLOWED, "method-not-allowed", "This path has other methods";
    Busy: SERVICE_UNAVAILABLE, "busy", "The service has as many requests as it takes at a time";
    // Who calls.
    TokenRequired: UNAUTHORIZED, "token-required", "This path needs a bearer token";
    InvalidToken: UNAUTHORIZED, "invalid-token", "This is no token that is valid here and now";
    ScopeMissing: FORBIDDEN, "scope-missing", "The token does not have the scope that this needs";
    RateLimited: TOO_MANY_REQUESTS, "rate-limited", "This caller has made too many requests";
    LoginFailed: UNAUTHORIZED, "login-failed", "There is no user with this e-mail address and password";
    // The body and the headers.
    UnsupportedMediaType: UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The body must be of this path's content type";
    MalformedJson: BAD_REQUEST, "malformed-json", "The body is not JSON";
    InvalidBody: UNPROCESSABLE_ENTITY, "invalid-body", "The body does not fit what this path takes";
    BodyTooLarge: PAYLOAD_TOO_LARGE, "body-too-large", "The body is longer than 16 KiB";
    BodyIncomplete: REQUEST_TIMEOUT, "body-incomplete", "The body did not arrive in time";
    InvalidCursor: BAD_REQUEST, "invalid-cursor", "This is no cursor that this service gave for this search";
    IfMatchRequired: PRECONDITION_REQUIRED, "if-match-required", "A change needs If-Match with the ETag of the user";
    InvalidIfMatch: BAD_REQUEST, "invalid-if-match", "If-Match takes one ETag that this service gave";
    InvalidIfNoneMatch: BAD_REQUEST, "invalid-if-none-match", "If-None-Match takes * or a list of ETags";
    InvalidIdempotencyKey: BAD_REQUEST, "invalid-idempotency-key", "An idempotency key is 1 to 64 letters, digits, hyphens and underscores";
    IdempotencyKeyReused: UNPROCESSABLE_ENTITY, "idempotency-key-reused", "This idempotency key belongs to another request";
    // Users.
    UserNotFound: NOT_FOUND, "user-not-found", "There is no such user";
    VersionMovedOn: PRECONDITION_FAILED, "version-moved-on", "The user was changed since that ETag";
    UserExists: CONFLICT, "user-exists", "There is a user with this id";
    EmailTaken: CONFLICT, "email-taken", "There is a user with this e-mail address";
    CreatedUserGone: CONFLICT, "created-user-gone", "The user that this request created is there no longer";
    // The service itself.
    Throttled: SERVICE_UNAVAILABLE, "throttled", "The service is busy";
    Stopping: SERVICE_UNAVAILABLE, "stopping", "This instance is about to stop";
    NotReady: SERVICE_UNAVAILABLE, "not-ready", "The service cannot reach its store";
    Timeout: GATEWAY_TIMEOUT, "timeout", "The service did not answer in time";
    OutcomeUnknown: SERVICE_UNAVAILABLE, "outcome-unknown", "It is not known whether the change was made";
    Internal: INTERNAL_SERVER_ERROR, "internal", "The service failed";
}

impl Kind {
    pub(crate) fn of_call(error: &Error) -> Self {
        // Whatever answers there is not the store, or does not know this service.
        let is_cut_off = error.is_connection()
            || error.is_refused()
            || error.is_integrity()
            || error.is_credentials()
            || error.is_clock();
        if is_cut_off {
            Self::NotReady
        } else if error.is_throttled() {
            Self::Throttled
        } else if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Internal
        }
    }

    /// The kind of an error response that came from beneath the handlers.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NoRoute,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            _ => Self::Internal,
        }
    }

    /// How `WWW-Authenticate` tells it, by RFC 6750.
    pub(crate) fn challenge(self) -> Option<&'static str> {
        match self {
            Self::TokenRequired => Some(r#"Bearer realm="user-service""#),
            Self::InvalidToken => Some(r#"Bearer realm="user-service", error="invalid_token""#),
            Self::ScopeMissing => {
                Some(r#"Bearer realm="user-service", error="insufficient_scope""#)
            }
            // A login has no scheme of HTTP, and a 401 must name one.
            Self::LoginFailed => Some(r#"Password realm="user-service""#),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_names_one_kind() {
        let codes: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.describe().1).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
    }
}
