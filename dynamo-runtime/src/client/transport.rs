//! Why an attempt brought no response.

use std::fmt;
use std::time::Duration;

use super::choke::Refusal;
use super::integrity::IntegrityError;
use super::proxy::ProxyError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TransportError {
    /// The final request was not what the client sends.
    Request(Refusal),
    /// The server proved not to be the one that is trusted, or does not speak TLS as required.
    Handshake(String),
    /// No connection: DNS, TCP, or one that broke in the handshake.
    Connect(String),
    ConnectTimeout(Duration),
    /// The proxy gave no tunnel.
    Proxy(ProxyError),
    /// The connection broke after it was opened.
    Broken(String),
    /// What came by it was not the TLS that was agreed upon.
    Tls(String),
    ResponseTimeout(Duration),
    Integrity(IntegrityError),
}

impl TransportError {
    /// Whether something came and was no response; a connection that just ends is nothing.
    pub(super) fn is_of_what_came(&self) -> bool {
        matches!(self, Self::Integrity(_) | Self::Tls(_))
    }

    /// Whether another attempt may fare better.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Request(_) | Self::Handshake(_) => false,
            Self::Integrity(fault) => fault.is_transient(),
            Self::Proxy(fault) => fault.is_transient(),
            Self::Connect(_)
            | Self::ConnectTimeout(_)
            | Self::Broken(_)
            | Self::Tls(_)
            | Self::ResponseTimeout(_) => true,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(refusal) => write!(f, "the request was refused: {refusal}"),
            Self::Handshake(reason) => write!(f, "the server was refused: {reason}"),
            Self::Connect(reason) => write!(f, "no connection: {reason}"),
            Self::ConnectTimeout(limit) => write!(f, "no connection within {limit:?}"),
            Self::Proxy(fault) => write!(f, "no connection: {fault}"),
            Self::Broken(reason) | Self::Tls(reason) => {
                write!(f, "the connection broke: {reason}")
            }
            Self::ResponseTimeout(limit) => write!(f, "no complete response within {limit:?}"),
            Self::Integrity(fault) => write!(f, "the response was rejected: {fault}"),
        }
    }
}

impl std::error::Error for TransportError {}
