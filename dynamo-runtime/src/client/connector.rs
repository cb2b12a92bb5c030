//! The way of each attempt to one authority: https only, and every response checked.

use std::error::Error;
use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http::{Request, Response, Uri, response};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use rustls::AlertDescription::CertificateRequired;
use tokio::time::timeout_at;

use super::causes::{tls_cause, with_causes};
use super::choke::{self, Purpose, Refusal, Served};
use super::connection::{
    Connection, Outgoing, Pool, PoolPlace, Route, SILENCE, Sender, is_unasked,
};
use super::counters::{self, Counter};
use super::endpoint::Authority;
use super::flight::{Flight, Replay};
use super::integrity::{self, IntegrityError, Verdict};
use super::timeouts::after;
use super::transport::TransportError;

#[cfg(feature = "__benches")]
pub(super) mod memory;

pub(super) struct Connector {
    route: Route,
    authority: String,
    serves: Served,
    response_limit: Duration,
    crc_expected: bool,
    pool: Pool,
    #[cfg(feature = "__benches")]
    memory: Option<memory::Memory>,
}

/// A response that was checked, which may be an error.
pub(super) struct CheckedResponse {
    pub(super) head: response::Parts,
    pub(super) verdict: Verdict,
    pub(super) body: Bytes,
}

impl Connector {
    pub(super) fn new(
        route: Route,
        serves: Served,
        response_limit: Duration,
        crc_expected: bool,
        max_connections: usize,
    ) -> Self {
        Self {
            authority: route.authority.to_string(),
            route,
            serves,
            response_limit,
            crc_expected,
            pool: Pool::new(max_connections),
            #[cfg(feature = "__benches")]
            memory: None,
        }
    }

    /// What goes by another way within the same limits.
    pub(super) fn beside(&self, route: Route, serves: Served, crc_expected: bool) -> Self {
        let max = self.pool.max();
        let beside = Self::new(route, serves, self.response_limit, crc_expected, max);
        #[cfg(feature = "__benches")]
        let beside = beside.answered_by(self.memory.clone());
        beside
    }

    pub(super) fn route(&self) -> &Route {
        &self.route
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.route.authority
    }

    /// Puts the memory in the place of the network, if there is one.
    #[cfg(feature = "__benches")]
    pub(super) fn answered_by(self, memory: Option<memory::Memory>) -> Self {
        Self { memory, ..self }
    }

    /// Uses none of the connections again that are open now.
    pub(super) fn end_connections(&self) {
        self.pool.end_all();
    }

    /// Sends a request with this head and the body of the flight.
    pub(super) async fn attempt(
        &self,
        head: Parts,
        flight: &Flight,
    ) -> Result<CheckedResponse, TransportError> {
        flight.begin_attempt();
        self.exchange(head, flight).await
    }

    async fn exchange(
        &self,
        head: Parts,
        flight: &Flight,
    ) -> Result<CheckedResponse, TransportError> {
        let mut request = self.admit(head, flight).map_err(|refusal| {
            self.route.auditor.request_refused(&self.route.authority, &refusal);
            TransportError::Request(refusal)
        })?;
        #[cfg(feature = "__benches")]
        if let Some(memory) = &self.memory {
            return self.answer_from(memory, flight).await;
        }
        let place = self.pool.place(flight).await;
        loop {
            let (mut connection, is_reused) = match self.idle(&place, flight).await {
                Some(connection) => (connection, true),
                // A handshake's future is many times larger than the rest.
                None => (Box::pin(self.open(&place, flight)).await?, false),
            };
            flight.connected(connection.peer.clone());
            match self.send(&mut connection, request, flight).await {
                Ok(answer) => {
                    let can_be_kept = connection.can_be_kept().await;
                    if self.told(&connection, can_be_kept, flight) == Ok(true) {
                        place.put(connection);
                    }
                    return Ok(answer);
                }
                // The server closed a waiting connection, and no byte went out on it.
                Err(SendError::NotSent(unsent)) if is_reused => request = *unsent,
                Err(SendError::NotSent(_)) if connection.peer.is_client_certificate_requested() => {
                    return Err(self.route.certificate_demanded());
                }
                Err(SendError::NotSent(_)) => {
                    return Err(closed_at_once());
                }
                Err(SendError::Failed(TransportError::Broken(_)))
                    if !is_reused && connection.peer.is_client_certificate_requested() =>
                {
                    return Err(self.route.certificate_demanded());
                }
                Err(SendError::Failed(error)) => return Err(error),
            }
        }
    }

    /// An idle connection that is open still.
    async fn idle(&self, place: &PoolPlace<'_>, flight: &Flight) -> Option<Connection> {
        // What answers such a write is told by its order alone.
        let silence = match flight.replay {
            Replay::Harmful => SILENCE,
            Replay::Harmless | Replay::Guarded => Duration::ZERO,
        };
        while let Some(mut connection) = place.take_idle(silence) {
            let can_be_used = connection.can_be_used().await;
            if self.told(&connection, can_be_used, flight) == Ok(true) {
                return Some(connection);
            }
        }
        None
    }

    /// A fresh connection, on which the server has said nothing.
    async fn open(
        &self,
        place: &PoolPlace<'_>,
        flight: &Flight,
    ) -> Result<Connection, TransportError> {
        place.make_room();
        let mut connection = self.route.open().await?;
        let can_be_used = connection.can_be_used().await;
        if self.told(&connection, can_be_used, flight)? {
            Ok(connection)
        } else if connection.peer.is_client_certificate_requested() {
            Err(self.route.certificate_demanded())
        } else {
            Err(closed_at_once())
        }
    }

    /// Tells the audit of a server that spoke although it was not asked.
    fn told(
        &self,
        connection: &Connection,
        found: Result<bool, TransportError>,
        flight: &Flight,
    ) -> Result<bool, TransportError> {
        found.inspect_err(|error| {
            self.route.auditor.response_rejected(flight.api, &connection.peer, error);
        })
    }

    /// The request as it goes out, if it is the one that its flight is for.
    fn admit(&self, mut head: Parts, flight: &Flight) -> Result<Request<Outgoing>, Refusal> {
        let (authority, serves, api) = (self.authority.as_str(), self.serves, flight.api);
        let purpose = Purpose::Operation { authority, serves, api };
        choke::admit(&head, purpose)?;
        // The `Host` header, which was compared, has the authority.
        head.uri = Uri::from_static("/");
        Ok(Request::from_parts(head, Outgoing::new(flight.body.clone())))
    }

    /// The exchange takes no longer than its limit; what is left of it then ends with the connection.
    async fn send(
        &self,
        connection: &mut Connection,
        request: Request<Outgoing>,
        flight: &Flight,
    ) -> Result<CheckedResponse, SendError> {
        let Connection { link, peer, .. } = connection;
        let mut has_come = false;
        let ended = {
            let exchange = pin!(async {
                let response = self.transmit(&mut link.sender, request, flight).await?;
                has_come = true;
                let (head, body) = response.into_parts();
                Ok(self.receive(head, body, flight).await?)
            });
            timeout_at(after(self.response_limit), link.driver.drive(exchange)).await
        };
        let timeout = |_| Err(TransportError::ResponseTimeout(self.response_limit).into());
        ended.unwrap_or_else(timeout).inspect_err(|error| {
            // A response that has begun is one that does not end, too.
            if let SendError::Failed(error) = error
                && (has_come || error.is_of_what_came())
            {
                self.route.auditor.response_rejected(flight.api, peer, error);
            }
        })
    }

    /// Sends the request, and gives the response as far as its head.
    async fn transmit(
        &self,
        sender: &mut Sender,
        request: Request<Outgoing>,
        flight: &Flight,
    ) -> Result<Response<Incoming>, SendError> {
        if !sender.is_ready().await {
            return Err(SendError::NotSent(Box::new(request)));
        }
        flight.sent();
        counters::add(Counter::BytesSent, Some(flight.api), flight.body.len() as u64);
        let mut error = match sender.send(request).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        // hyper gives the request back only if it has not begun to write it.
        if let Some(request) = error.take_message() {
            flight.settled();
            return Err(SendError::NotSent(Box::new(request)));
        }
        let error = error.into_error();
        if is_unasked(&error) && !sender.has_begun() {
            flight.settled();
        }
        let refusal = tls_cause(&error);
        if matches!(refusal, Some(rustls::Error::AlertReceived(CertificateRequired))) {
            // The server reads no request before its handshake has ended.
            flight.settled();
            return Err(SendError::Failed(self.route.certificate_demanded()));
        }
        Err(SendError::Failed(broken(&error)))
    }

    async fn receive<B>(
        &self,
        head: response::Parts,
        body: B,
        flight: &Flight,
    ) -> Result<CheckedResponse, TransportError>
    where
        B: Body<Data = Bytes, Error: Error + 'static> + Unpin,
    {
        let limit = flight.api.response_limit();
        integrity::check_head(&head, limit).map_err(TransportError::Integrity)?;
        let body = collect(body, limit).await?;
        let verdict = integrity::check(&head, &body, self.crc_expected);
        let verdict =
            verdict.map_err(|fault| TransportError::Integrity(self.of_searches(fault)))?;
        integrity::check_asked(verdict, &flight.asked, &flight.body, &body)
            .map_err(TransportError::Integrity)?;
        counters::add(Counter::BytesReceived, Some(flight.api), body.len() as u64);
        if verdict == Verdict::Success {
            flight.settled();
        }
        Ok(CheckedResponse { head, verdict, body })
    }

    /// The same fault, which says what to do where it may be how a search host is.
    fn of_searches(&self, fault: IntegrityError) -> IntegrityError {
        match fault {
            IntegrityError::CrcMissing if self.serves == Served::SearchesAlone => {
                IntegrityError::SearchCrcMissing
            }
            fault => fault,
        }
    }
}

/// The whole of a body that has no more bytes than the limit: without a copy, where it comes in one piece.
async fn collect<B>(mut body: B, limit: usize) -> Result<Bytes, TransportError>
where
    B: Body<Data = Bytes, Error: Error + 'static> + Unpin,
{
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| TransportError::Broken(with_causes(&error)))?;
        let Ok(data) = frame.into_data() else { continue };
        if first.len().max(whole.len()) + data.len() > limit {
            return Err(TransportError::Integrity(IntegrityError::TooLarge { limit }));
        }
        if whole.is_empty() && first.is_empty() {
            first = data;
            continue;
        }
        if whole.is_empty() {
            let rest = usize::try_from(body.size_hint().lower()).unwrap_or_default();
            whole.reserve(first.len() + data.len() + rest.min(limit));
            whole.extend_from_slice(&first);
        }
        whole.extend_from_slice(&data);
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

fn closed_at_once() -> TransportError {
    TransportError::Connect("it was closed at once".to_owned())
}

/// Why the connection gave no response.
fn broken(error: &hyper::Error) -> TransportError {
    if is_unasked(error) {
        TransportError::Integrity(IntegrityError::Unasked)
    } else if error.is_parse() {
        TransportError::Integrity(IntegrityError::NotHttp)
    } else if tls_cause(error).is_some() {
        TransportError::Tls(with_causes(error))
    } else {
        TransportError::Broken(with_causes(error))
    }
}

enum SendError {
    /// No byte has left, and here is the request again.
    NotSent(Box<Request<Outgoing>>),
    Failed(TransportError),
}

impl From<TransportError> for SendError {
    fn from(error: TransportError) -> Self {
        Self::Failed(error)
    }
}
