//! One call: bytes in, a checked response or an error that says what may have happened.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, timeout_at};
use tracing::{Instrument, Span};

use super::SecureClient;
use super::api::Api;
use super::attempts::AttemptError;
use super::call_error::{CallError, CallErrorKind, about_table, service_kind, transport_kind};
use super::counters::{self, Counter};
use super::credentials::KeysError;
use super::flight::{Flight, Replay};
use super::peer::PeerInfo;
use super::request_id::RequestId;
use super::signing::SigningError;
use super::throttling;
use super::timeouts::end_of;
use crate::codec::response::{Asked, AskedTables};
use crate::subject::Subject;

/// A finished request.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub(crate) subject: Subject,
    /// The table by its physical name; of a call on several tables, one of them.
    pub(crate) table: &'a str,
    pub(crate) api: Api,
    pub(crate) body: Bytes,
    /// What the response must be about.
    pub(crate) asked: Asked,
    pub(crate) replay: Replay,
    /// The time for the whole call; the client's own where there is none.
    pub(crate) deadline: Option<Duration>,
}

/// A response that passed every check, before it is decoded.
pub(crate) struct RawResponse {
    pub(crate) subject: Subject,
    pub(crate) api: Api,
    pub(crate) body: Bytes,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) attempts: u32,
    pub(crate) may_be_applied_twice: bool,
    pub(crate) peer: Option<Arc<PeerInfo>>,
    /// In capacity units.
    pub(crate) capacity: Option<f64>,
}

impl SecureClient {
    /// Makes a call, with all its attempts, in a span of its own.
    pub(crate) async fn call(&self, call: Call<'_>) -> Result<RawResponse, CallError> {
        let to = self.destination(call.api).map_err(CallError::unattempted)?;
        let span = call.api.span(&to.host, to.port);
        span.record("db.collection.name", call.table);
        let limit = call.deadline.unwrap_or_else(|| self.default_deadline());
        let start = Instant::now();
        let is_one_table = matches!(call.asked.tables, AskedTables::One(_));
        let flight = Flight::new(call.api, call.replay, call.body);
        let flight = flight.asking_for(call.asked).within(start, limit);
        let ended = {
            // It is large, and stays where it is.
            let attempts = pin!(self.attempts().run(&flight, to));
            let attempts = attempts.instrument(span.clone());
            // Nothing is begun where there is no time for it.
            match limit {
                Duration::ZERO => None,
                limit => timeout_at(end_of(start, limit), attempts).await.ok(),
            }
        };
        let outcome = match ended {
            Some(Ok(success)) => Ok(RawResponse {
                subject: call.subject,
                api: call.api,
                capacity: self.account_for(call.subject, &success.body),
                body: success.body,
                request_id: success.request_id,
                attempts: flight.attempts(),
                may_be_applied_twice: flight.may_be_applied_twice(),
                peer: flight.peer(),
            }),
            Some(Err(error)) => Err(failed(
                error,
                is_one_table.then_some((call.subject.entity, call.table)),
                &flight,
            )),
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

fn failed(error: AttemptError, table: Option<(&'static str, &str)>, flight: &Flight) -> CallError {
    let kind = match error {
        AttemptError::Service(mut error) => {
            let request_id = error.request_id.take();
            return call_error(about_table(service_kind(*error), table), request_id, flight);
        }
        AttemptError::Transport(error) => transport_kind(&error),
        AttemptError::Keys(error) => keys_kind(&error),
        AttemptError::Signing(SigningError(why)) => {
            CallErrorKind::Internal(format!("the request cannot be signed: {why}"))
        }
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
            response.request_id.as_deref()
        }
        Err(error) => {
            span.record("error.type", error.kind.name());
            if let CallErrorKind::Service { status, throttling, .. } = &error.kind {
                span.record("http.response.status_code", status);
                if let Some(reasons) = throttling::documented(throttling) {
                    span.record("aws.dynamodb.throttling_reasons", reasons);
                }
            }
            error.request_id.as_deref()
        }
    };
    if let Some(request_id) = request_id {
        span.record("aws.request_id", request_id);
    }
}
