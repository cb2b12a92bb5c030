//! Answers from memory in place of the network, for the benches: the feature `__benches` only.
//!
//! All else is as it is: signing, the choke point, the flight, the checks of the response, the audit.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use tokio::time::timeout_at;

use super::super::flight::Flight;
use super::super::timeouts::after;
use super::super::transport::TransportError;
use super::{CheckedResponse, Connector};

/// Gives the response to a request, by its target and its body.
#[derive(Clone)]
pub(in crate::client) struct Memory(Arc<Answering>);

type Answering = dyn Fn(&str, &[u8]) -> Response<Bytes> + Send + Sync;

impl Memory {
    pub(in crate::client) fn new(
        answer: impl Fn(&str, &[u8]) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Connector {
    /// What [`send`](Self::send) does with a connection.
    pub(super) async fn answer_from(
        &self,
        Memory(answer): &Memory,
        flight: &Flight,
    ) -> Result<CheckedResponse, TransportError> {
        flight.sent();
        let (head, body) = answer(flight.api.target(), &flight.body).into_parts();
        let received = pin!(self.receive(head, Full::new(body), flight));
        let received = timeout_at(after(self.response_limit), received).await;
        received.unwrap_or_else(|_| Err(TransportError::ResponseTimeout(self.response_limit)))
    }
}
