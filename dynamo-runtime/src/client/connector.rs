//! The connector that the orchestrator is given: one authority, https only, and every response checked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::header::HOST;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, Uri, Version};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use rustls::AlertDescription::CertificateRequired;
use tokio::time::timeout_at;

use super::call_error::FailedAttempt;
use super::causes::{tls_cause, with_causes};
use super::choke;
use super::choke::{Purpose, Refusal};
use super::connection::{
    Connection, Outgoing, Pool, PoolPlace, Route, SILENCE, Sender, is_unasked,
};
use super::counters::{self, Counter};
use super::error::BuildError;
use super::flight::Flight;
use super::flight::Replay;
use super::integrity::{self, IntegrityError, Verdict};
use super::secret;
use super::signing::TOKEN;
use super::timeouts::after;
use super::transport::TransportError;

#[cfg(feature = "__benches")]
pub(super) mod memory;

#[derive(Clone)]
pub(super) struct Connector(Arc<Inner>);

struct Inner {
    route: Route,
    authority: String,
    host: HeaderValue,
    response_limit: Duration,
    crc_expected: bool,
    pool: Pool,
    #[cfg(feature = "__benches")]
    memory: Option<memory::Memory>,
}

/// A checked response. It goes past the orchestrator as an extension, so that no trace event shows a body.
#[derive(Clone)]
pub(super) struct CheckedResponse {
    pub(super) flight: Arc<Flight>,
    pub(super) verdict: Verdict,
    pub(super) body: Bytes,
}

impl Connector {
    pub(super) fn new(
        route: Route,
        response_limit: Duration,
        crc_expected: bool,
        max_connections: usize,
    ) -> Result<Self, BuildError> {
        let authority = route.authority.to_string();
        let host = HeaderValue::try_from(authority.as_str())
            .map_err(|_| BuildError::internal("the host is no header value"))?;
        Ok(Self(Arc::new(Inner {
            route,
            authority,
            host,
            response_limit,
            crc_expected,
            pool: Pool::new(max_connections),
            #[cfg(feature = "__benches")]
            memory: None,
        })))
    }

    /// Puts the memory in the place of the network, if there is one.
    #[cfg(feature = "__benches")]
    pub(super) fn answered_by(mut self, memory: Option<memory::Memory>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.memory = memory;
        }
        self
    }

    /// Uses none of the connections again that are open now.
    pub(super) fn end_connections(&self) {
        self.0.pool.end_all();
    }

    pub(super) fn into_http_client(self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self);
        http_client_fn(move |_, _| connector.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let inner = self.0.clone();
        HttpConnectorFuture::new(async move { inner.attempt(request).await })
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connector").field(&self.0.authority).finish()
    }
}

impl Inner {
    async fn attempt(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let Some(flight) = request.extension::<Arc<Flight>>().cloned() else {
            let refusal = Refusal::NoCall;
            self.route.auditor.request_refused(&self.route.authority, &refusal);
            return Err(ConnectorError::other(TransportError::Request(refusal).into(), None));
        };
        flight.begin_attempt();
        let (head, answer) = self.exchange(request, &flight).await.map_err(|error| {
            flight.failed(FailedAttempt::unanswered(&error, flight.attempts()));
            error.classify(flight.may_be_sent_again())
        })?;
        Ok(respond(&head, answer))
    }

    async fn exchange(
        &self,
        request: HttpRequest,
        flight: &Arc<Flight>,
    ) -> Result<(http::response::Parts, CheckedResponse), TransportError> {
        let head = self.admit(request, flight).inspect_err(|refusal| {
            self.route.auditor.request_refused(&self.route.authority, refusal);
        });
        let head = head.map_err(TransportError::Request)?;
        let mut request = self.final_request(head, flight).map_err(|refusal| {
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
                None => (self.open(&place, flight).await?, false),
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
                Err(SendError::NotSent(unsent)) if is_reused => request = unsent,
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

    fn admit(&self, request: HttpRequest, flight: &Flight) -> Result<Parts, Refusal> {
        let request = request.try_into_http1x().map_err(|_| Refusal::Malformed)?;
        let (head, _) = request.into_parts();
        let purpose = Purpose::Operation { authority: &self.authority, api: flight.api };
        choke::admit(&head, purpose)?;
        Ok(head)
    }

    /// With what did not go through the machinery: the body, and the session's token.
    fn final_request(
        &self,
        mut head: Parts,
        flight: &Flight,
    ) -> Result<Box<Request<Outgoing>>, Refusal> {
        head.uri = Uri::from_static("/");
        head.version = Version::HTTP_11;
        head.headers.insert(HOST, self.host.clone());
        if let Some(token) = flight.keys().as_ref().and_then(|keys| keys.session_token()) {
            let token = secret::header(token).map_err(|_| Refusal::Malformed)?;
            head.headers.insert(TOKEN, token);
        }
        head.extensions.clear();
        Ok(Box::new(Request::from_parts(head, Outgoing::new(flight.body.clone()))))
    }

    /// The exchange takes no longer than its limit; what is left of it then ends with the connection.
    async fn send(
        &self,
        connection: &mut Connection,
        request: Box<Request<Outgoing>>,
        flight: &Arc<Flight>,
    ) -> Result<(http::response::Parts, CheckedResponse), SendError> {
        let deadline = after(self.response_limit);
        let timeout = || TransportError::ResponseTimeout(self.response_limit);
        let Connection { link, peer, .. } = connection;
        let rejected = |error: &TransportError| {
            self.route.auditor.response_rejected(flight.api, peer, error);
        };
        let response = self.transmit(&mut link.sender, request, flight);
        let response = timeout_at(deadline, link.driver.drive(response)).await;
        let response = response.map_err(|_| timeout())?.inspect_err(|error| {
            if let SendError::Failed(error) = error
                && error.is_of_what_came()
            {
                rejected(error);
            }
        });
        let (head, body) = response?.into_parts();
        let answer = link.driver.drive(self.receive(&head, body, flight));
        let answer = timeout_at(deadline, answer).await;
        let answer = answer.unwrap_or_else(|_| Err(timeout())).inspect_err(rejected)?;
        Ok((head, answer))
    }

    /// Sends the request, and gives the response as far as its head.
    async fn transmit(
        &self,
        sender: &mut Sender,
        request: Box<Request<Outgoing>>,
        flight: &Flight,
    ) -> Result<Response<Incoming>, SendError> {
        if !sender.is_ready().await {
            return Err(SendError::NotSent(request));
        }
        flight.sent();
        counters::add(Counter::BytesSent, Some(flight.api), flight.body.len() as u64);
        let mut error = match sender.send(*request).await {
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
        head: &http::response::Parts,
        body: B,
        flight: &Arc<Flight>,
    ) -> Result<CheckedResponse, TransportError>
    where
        B: Body<Data = Bytes, Error: Into<BoxError>>,
    {
        let limit = flight.api.response_limit();
        integrity::check_head(head, limit).map_err(TransportError::Integrity)?;
        let body = match Limited::new(body, limit).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return Err(TransportError::Integrity(IntegrityError::TooLarge { limit }));
            }
            Err(error) => return Err(TransportError::Broken(with_causes(&*error))),
        };
        let verdict =
            integrity::check(head, &body, self.crc_expected).map_err(TransportError::Integrity)?;
        integrity::check_asked(verdict, &flight.asked, &flight.body, &body)
            .map_err(TransportError::Integrity)?;
        counters::add(Counter::BytesReceived, Some(flight.api), body.len() as u64);
        if verdict == Verdict::Success {
            flight.settled();
        }
        Ok(CheckedResponse { flight: flight.clone(), verdict, body })
    }
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

/// The headers that the layers above read.
const FORWARDED: [&str; 5] =
    ["x-amzn-requestid", "x-amzn-errortype", "x-amz-retry-after", "content-type", "date"];

fn respond(head: &http::response::Parts, answer: CheckedResponse) -> HttpResponse {
    let status = head.status.into();
    let mut response = HttpResponse::new(status, SdkBody::empty());
    for name in FORWARDED {
        if let Some(value) = text(&head.headers, name) {
            response.headers_mut().insert(name, value);
        }
    }
    response.add_extension(answer);
    response
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
