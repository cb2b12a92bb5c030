//! Why a call failed, and what may have happened all the same.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use super::integrity::IntegrityError;
use super::peer::PeerInfo;
use super::proxy::ProxyError;
use super::service_error::{ServiceError, fixed_words};
use super::throttling::{self, ThrottlingReason};
use super::transport::TransportError;

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
        /// Where a table or an index of it is not there.
        missing: Option<Box<MissingTable>>,
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
    /// A search of which the code does not say where it goes: how to.
    NoSearchEndpoint(&'static str),
    /// A fault of the machinery.
    Internal(String),
}

/// What a call was about, where that is one table.
#[derive(Clone)]
pub(crate) struct MissingTable {
    entity: &'static str,
    /// By its physical name.
    table: String,
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
            Self::NoSearchEndpoint(_) => "no_search_endpoint",
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
            Self::Service { code, message, status, throttling, missing, .. } => {
                write!(f, "DynamoDB answered {code} (status {status})")?;
                if let Some(MissingTable { entity, table }) = missing.as_deref() {
                    return write!(
                        f,
                        ": there is no table `{table}` here, or no such index of it; create it, or name the right one by `.table::<{entity}>(..)` of the client's builder"
                    );
                }
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
            Self::NoSearchEndpoint(how) => f.write_str(how),
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

impl CallError {
    /// Of a call of which nothing was attempted.
    pub(super) fn unattempted(kind: CallErrorKind) -> Self {
        Self {
            kind,
            request_id: None,
            attempts: 0,
            outcome_unknown: false,
            maybe_applied_before: false,
            may_be_applied_twice: false,
            peer: None,
            last: None,
        }
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

impl FailedAttempt {
    pub(super) fn answered(error: &ServiceError, attempts: u32) -> Self {
        let request_id = error.request_id.clone();
        Self { kind: service_kind(error.clone()), request_id, attempts }
    }

    pub(super) fn unanswered(error: &TransportError, attempts: u32) -> Self {
        Self { kind: transport_kind(error), request_id: None, attempts }
    }
}

pub(super) fn service_kind(error: ServiceError) -> CallErrorKind {
    let code = error.metadata.code().unwrap_or_default().to_owned();
    if SIGNATURE_CODES.contains(&code.as_str()) {
        let ahead = error.date.and_then(seconds_ahead_of);
        if let Some(ahead) = ahead.filter(|ahead| ahead.unsigned_abs() >= CLOCK_TOLERANCE) {
            return CallErrorKind::Clock { code, ahead };
        }
    }
    let message = error.metadata.message().map(str::to_owned);
    let ServiceError { status, body, throttling, .. } = error;
    CallErrorKind::Service { code, message, status, body, throttling, missing: None }
}

/// The same, with the entity's table where that was not found.
pub(super) fn about_table(
    mut kind: CallErrorKind,
    table: Option<(&'static str, &str)>,
) -> CallErrorKind {
    if let CallErrorKind::Service { code, missing, .. } = &mut kind
        && code == "ResourceNotFoundException"
    {
        *missing =
            table.map(|(entity, table)| Box::new(MissingTable { entity, table: table.to_owned() }));
    }
    kind
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

pub(super) fn transport_kind(error: &TransportError) -> CallErrorKind {
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
