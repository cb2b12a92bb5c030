//! One call: bytes in, a checked response or an error that says what may have happened.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_runtime_api::client::interceptors::context::Error as ErasedError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use bytes::Bytes;
use tracing::{Instrument, Span};

use super::SecureClient;
use super::api::Api;
use super::connection::with_causes;
use super::counters::{self, Counter};
use super::credentials::KeysError;
use super::flight::Flight;
use super::integrity::IntegrityError;
use super::orchestration::Reply;
use super::peer::PeerInfo;
use super::proxy::ProxyError;
use super::service_error::{ServiceError, fixed_words};
use super::throttling::{self, ThrottlingReason};
use super::transport::TransportError;
use crate::codec::response::Asked;

/// A request that is ready to be sent.
pub(crate) struct Call {
    pub(crate) api: Api,
    pub(crate) body: Bytes,
    /// What the response must be about.
    pub(crate) asked: Asked,
    pub(crate) replay: Replay,
    /// The time for the whole call; the client's own where there is none.
    pub(crate) deadline: Option<Duration>,
    /// Reads the consumed capacity in the response, where the request asks for it.
    pub(crate) read_capacity: Option<ReadCapacity>,
}

/// Reads the consumed capacity in a response, in capacity units.
pub(crate) type ReadCapacity = fn(&[u8]) -> Option<f64>;

/// What a second arrival of the same request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replay {
    /// Nothing: a read, or a transaction, which has a client token.
    Harmless,
    /// Nothing, unless another writer acts between the two: a write whose own effect makes its condition false.
    Guarded,
    /// Something: so it is not sent again once its first byte has left, unless the service definitely rejected it.
    Harmful,
}

/// A response that passed every check.
pub(crate) struct RawResponse {
    pub(crate) body: Bytes,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) may_be_applied_twice: bool,
    pub(crate) peer: Option<Arc<PeerInfo>>,
    /// In capacity units.
    pub(crate) capacity: Option<f64>,
}

/// Why a call failed, and what may have happened all the same.
#[derive(Debug)]
pub(crate) struct CallError {
    pub(crate) kind: CallErrorKind,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
    /// This attempt or an earlier one may have been applied.
    pub(crate) outcome_unknown: bool,
    /// An earlier attempt of this call was sent, and its outcome was never learned.
    pub(crate) maybe_applied_before: bool,
    /// An earlier attempt was sent and its outcome never learned, and another one did harm if it was applied.
    pub(crate) may_be_applied_twice: bool,
    /// Who answered the last attempt, or failed to.
    pub(crate) peer: Option<Arc<PeerInfo>>,
    /// Why the last attempt that has ended failed, where the deadline ended the call.
    pub(crate) last: Option<Box<FailedAttempt>>,
}

/// The error of an attempt that another one was to follow.
#[derive(Debug)]
pub(crate) struct FailedAttempt {
    pub(crate) kind: CallErrorKind,
    pub(crate) request_id: Option<String>,
    pub(crate) attempts: u32,
}

pub(crate) enum CallErrorKind {
    /// DynamoDB answered with an error. The code is empty where a failing service gave none.
    Service {
        code: String,
        message: Option<String>,
        status: u16,
        body: Bytes,
        /// What was exceeded, if the request was throttled.
        throttling: Vec<ThrottlingReason>,
    },
    /// The signature was rejected, and this machine's clock is off by so many seconds (ahead: positive).
    Clock { code: String, ahead: i64 },
    /// The whole call took too long.
    Deadline(Duration),
    /// The whole call took too long, and at its end it waited until one of so many connections was free.
    Queued { limit: Duration, connections: usize },
    /// The last attempt took too long.
    Timeout(String),
    /// No connection could be opened.
    Connect(String),
    /// The connection broke before a whole response had come.
    Broken(String),
    /// The request, the server's certificate, its key or its TLS was refused.
    Refused(String),
    /// The response was not one that DynamoDB sends.
    Integrity(IntegrityError),
    /// No credentials could be had.
    Credentials(String),
    /// A fault of the machinery.
    Internal(String),
}

impl CallErrorKind {
    /// The class of the error, for the span's `error.type`.
    pub(crate) fn name(&self) -> &str {
        match self {
            // The second is OpenTelemetry's own word for an error without a class.
            Self::Service { code, status, .. } if code.is_empty() => {
                if *status >= 500 {
                    "ServerError"
                } else {
                    "_OTHER"
                }
            }
            Self::Service { code, .. } | Self::Clock { code, .. } => code,
            Self::Deadline(_) => "deadline",
            Self::Queued { .. } => "queued",
            Self::Timeout(_) => "timeout",
            Self::Connect(_) => "connect",
            Self::Broken(_) => "broken",
            Self::Refused(_) => "refused",
            Self::Integrity(_) => "integrity",
            Self::Credentials(_) => "credentials",
            Self::Internal(_) => "internal",
        }
    }
}

impl fmt::Display for CallErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Of the message what is worded the same for every request: the rest can quote a value.
            Self::Service { code, status, .. } if code.is_empty() => {
                write!(f, "DynamoDB answered with status {status}")
            }
            Self::Service { code, message, status, throttling, .. } => {
                write!(f, "DynamoDB answered {code} (status {status})")?;
                if let Some(words) = message.as_deref().and_then(fixed_words) {
                    write!(f, ": {words}")?;
                }
                if let Some(reasons) = throttling::documented(throttling) {
                    write!(f, ": {reasons}")?;
                }
                Ok(())
            }
            Self::Clock { code, ahead } => {
                let direction = if *ahead < 0 { "behind" } else { "ahead of" };
                let seconds = ahead.unsigned_abs();
                write!(
                    f,
                    "DynamoDB answered {code}: this machine's clock is {seconds} s {direction} the service's; set it right, for the client does not correct it"
                )
            }
            Self::Deadline(limit) => {
                write!(f, "the call took longer than its deadline of {limit:?}")
            }
            Self::Queued { limit, connections } => write!(
                f,
                "the call took longer than its deadline of {limit:?}, and waited for one of {connections} connections, which were all in use: allow more by `.max_connections(..)`"
            ),
            Self::Timeout(text)
            | Self::Connect(text)
            | Self::Broken(text)
            | Self::Refused(text)
            | Self::Internal(text) => f.write_str(text),
            Self::Integrity(fault) => write!(f, "the response was rejected: {fault}"),
            Self::Credentials(text) => write!(f, "no credentials: {text}"),
        }
    }
}

// Without the service's message and body: both can hold values.
impl fmt::Debug for CallErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.name())
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if self.attempts > 1 {
            write!(f, " ({} attempts)", self.attempts)?;
        }
        Ok(())
    }
}

impl Error for CallError {}

impl SecureClient {
    /// Sends a request in a span of its own, which names the table.
    pub(crate) async fn call(&self, table: &str, call: Call) -> Result<RawResponse, CallError> {
        let (server, port) = self.server();
        let span = call.api.span(server, port);
        span.record("db.collection.name", table);
        let limit = call.deadline.unwrap_or_else(|| self.default_deadline());
        let flight = Arc::new(
            Flight::new(call.api, call.replay, call.body).asking_for(call.asked).within(limit),
        );
        let invocation = self.orchestrator().invoke(flight.clone()).instrument(span.clone());
        // Nothing is begun where there is no time for it.
        let ended = match limit {
            Duration::ZERO => None,
            limit => tokio::time::timeout(limit, invocation).await.ok(),
        };
        let outcome = match ended {
            Some(Ok(output)) => match output.downcast::<Reply>() {
                Ok(reply) => Ok(RawResponse {
                    capacity: call.read_capacity.and_then(|read| read(&reply.body)),
                    body: reply.body,
                    request_id: reply.request_id,
                    attempts: flight.attempts(),
                    may_be_applied_twice: flight.may_be_applied_twice(),
                    peer: flight.peer(),
                }),
                Err(_) => Err(call_error(unexpected(), None, &flight)),
            },
            Some(Err(error)) => Err(failed(error, &flight)),
            None => {
                let last = flight.take_failed().map(Box::new);
                Err(CallError { last, ..call_error(too_long(limit, &flight), None, &flight) })
            }
        };
        record(&span, &flight, &outcome);
        count(&flight, &outcome);
        outcome
    }
}

fn too_long(limit: Duration, flight: &Flight) -> CallErrorKind {
    match flight.waits_for_one_of() {
        Some(connections) => CallErrorKind::Queued { limit, connections },
        None => CallErrorKind::Deadline(limit),
    }
}

fn failed(error: SdkError<ErasedError, HttpResponse>, flight: &Flight) -> CallError {
    if let SdkError::ServiceError(context) = error {
        return match context.into_err().downcast::<ServiceError>() {
            Ok(mut error) => {
                let request_id = error.request_id.take();
                call_error(service_kind(error), request_id, flight)
            }
            Err(_) => call_error(unexpected(), None, flight),
        };
    }
    let kind = match (find::<KeysError>(&error), find::<TransportError>(&error)) {
        (Some(error), _) => keys_kind(error),
        (None, Some(error)) => transport_kind(error),
        (None, None) => CallErrorKind::Internal(with_causes(&error)),
    };
    call_error(kind, None, flight)
}

/// A refusal is one wherever it was met: it is no fault that passes.
fn keys_kind(error: &KeysError) -> CallErrorKind {
    match error.transport().map(transport_kind) {
        Some(CallErrorKind::Refused(_)) => CallErrorKind::Refused(error.to_string()),
        _ => CallErrorKind::Credentials(error.to_string()),
    }
}

/// The deserialiser gives no other output and no other error.
fn unexpected() -> CallErrorKind {
    CallErrorKind::Internal("the answer has another type than the deserialiser's".to_owned())
}

fn call_error(kind: CallErrorKind, request_id: Option<String>, flight: &Flight) -> CallError {
    CallError {
        kind,
        request_id,
        attempts: flight.attempts(),
        outcome_unknown: flight.is_unknown() || flight.lost_before(),
        maybe_applied_before: flight.lost_before(),
        may_be_applied_twice: flight.may_be_applied_twice(),
        peer: flight.peer(),
        last: None,
    }
}

/// The first error of that type among an error and its causes.
fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

impl FailedAttempt {
    pub(super) fn answered(error: &ServiceError, flight: &Flight) -> Self {
        let request_id = error.request_id.clone();
        Self { kind: service_kind(error.clone()), request_id, attempts: flight.attempts() }
    }

    pub(super) fn unanswered(error: &TransportError, flight: &Flight) -> Self {
        let (kind, attempts) = (transport_kind(error), flight.attempts());
        Self { kind, request_id: None, attempts }
    }
}

fn service_kind(error: ServiceError) -> CallErrorKind {
    let code = error.metadata.code().unwrap_or_default().to_owned();
    if SIGNATURE_CODES.contains(&code.as_str()) {
        let ahead = error.date.and_then(seconds_ahead_of);
        if let Some(ahead) = ahead.filter(|ahead| ahead.unsigned_abs() >= CLOCK_TOLERANCE) {
            return CallErrorKind::Clock { code, ahead };
        }
    }
    let message = error.metadata.message().map(str::to_owned);
    let ServiceError { status, body, throttling, .. } = error;
    CallErrorKind::Service { code, message, status, body, throttling }
}

/// The codes under which a clock that is off shows.
const SIGNATURE_CODES: [&str; 5] = [
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "RequestInTheFuture",
];

/// In seconds: `SigV4` allows five minutes, of which the way takes some.
const CLOCK_TOLERANCE: u64 = 240;

fn seconds_ahead_of(date: i64) -> Option<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(now).ok()?.checked_sub(date)
}

fn transport_kind(error: &TransportError) -> CallErrorKind {
    let text = error.to_string();
    match error {
        TransportError::Request(_)
        | TransportError::Handshake(_)
        | TransportError::Proxy(ProxyError::Malformed) => CallErrorKind::Refused(text),
        TransportError::Connect(_)
        | TransportError::ConnectTimeout(_)
        | TransportError::Proxy(_) => CallErrorKind::Connect(text),
        TransportError::Broken(_) | TransportError::Tls(_) => CallErrorKind::Broken(text),
        TransportError::ResponseTimeout(_) => CallErrorKind::Timeout(text),
        TransportError::Integrity(fault) => CallErrorKind::Integrity(*fault),
    }
}

fn count(flight: &Flight, outcome: &Result<RawResponse, CallError>) {
    let api = Some(flight.api);
    counters::add(Counter::Calls, api, 1);
    counters::add(Counter::Attempts, api, flight.attempts().into());
    if outcome.is_err() {
        counters::add(Counter::FailedCalls, api, 1);
    }
}

fn record(span: &Span, flight: &Flight, outcome: &Result<RawResponse, CallError>) {
    if let Some(peer) = flight.peer() {
        span.record("network.peer.address", tracing::field::display(peer.remote_address().ip()));
    }
    if flight.attempts() > 1 {
        span.record("http.request.resend_count", flight.attempts() - 1);
    }
    let request_id = match outcome {
        Ok(response) => {
            span.record("http.response.status_code", 200);
            if let Some(units) = response.capacity {
                span.record("aws.dynamodb.consumed_capacity", units);
            }
            &response.request_id
        }
        Err(error) => {
            span.record("error.type", error.kind.name());
            if let CallErrorKind::Service { status, throttling, .. } = &error.kind {
                span.record("http.response.status_code", status);
                if let Some(reasons) = throttling::documented(throttling) {
                    span.record("aws.dynamodb.throttling_reasons", reasons);
                }
            }
            &error.request_id
        }
    };
    if let Some(request_id) = request_id {
        span.record("aws.request_id", request_id.as_str());
    }
}
