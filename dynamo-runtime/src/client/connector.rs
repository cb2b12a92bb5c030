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
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use rustls::AlertDescription::CertificateRequired;
use tokio::time::{Instant, timeout_at};

use super::choke;
use super::choke::{Purpose, Refusal};
use super::connection::{Connection, Pool, Route, tls_cause, with_causes};
use super::counters::{self, Counter};
use super::error::BuildError;
use super::flight::Flight;
use super::integrity::{self, IntegrityError, Verdict};
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
pub(super) struct Answer {
    pub(super) flight: Arc<Flight>,
    pub(super) verdict: Verdict,
    pub(super) body: Bytes,
}

impl Connector {
    pub(super) fn new(
        route: Route,
        response_limit: Duration,
        crc_expected: bool,
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
            pool: Pool::default(),
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
        let (head, answer) =
            self.exchange(request, &flight).await.map_err(|error| error.classify(&flight))?;
        Ok(respond(&head, answer))
    }

    async fn exchange(
        &self,
        request: HttpRequest,
        flight: &Arc<Flight>,
    ) -> Result<(http::response::Parts, Answer), TransportError> {
        let head = self.admit(request, flight).inspect_err(|refusal| {
            self.route.auditor.request_refused(&self.route.authority, refusal);
        });
        let head = head.map_err(TransportError::Request)?;
        let mut request = self.final_request(head, flight.body.clone());
        #[cfg(feature = "__benches")]
        if let Some(memory) = &self.memory {
            return self.answer_from(memory, flight).await;
        }
        loop {
            let (mut connection, reused) = match self.pool.take() {
                Some(connection) => (connection, true),
                None => (self.route.open().await?, false),
            };
            flight.connected(connection.peer.clone());
            let deadline = Instant::now() + self.response_limit;
            let sent = self.send(&mut connection, request, flight, deadline).await;
            match sent {
                Ok(answer) => {
                    self.pool.put(connection);
                    return Ok(answer);
                }
                // The server closed a waiting connection, and no byte went out on it.
                Err(SendError::NotSent(unsent)) if reused => request = unsent,
                Err(SendError::NotSent(_)) if connection.peer.is_client_certificate_requested() => {
                    return Err(self.route.certificate_demanded());
                }
                Err(SendError::NotSent(_)) => {
                    return Err(TransportError::Connect("it was closed at once".to_owned()));
                }
                Err(SendError::Failed(TransportError::Broken(_)))
                    if !reused && connection.peer.is_client_certificate_requested() =>
                {
                    return Err(self.route.certificate_demanded());
                }
                Err(SendError::Failed(error)) => return Err(error),
            }
        }
    }

    fn admit(&self, request: HttpRequest, flight: &Flight) -> Result<Parts, Refusal> {
        let request = request.try_into_http1x().map_err(|_| Refusal::Malformed)?;
        let (head, _) = request.into_parts();
        let purpose = Purpose::Operation { authority: &self.authority, api: flight.api };
        choke::admit(&head, purpose)?;
        Ok(head)
    }

    fn final_request(&self, mut head: Parts, body: Bytes) -> Box<Request<Full<Bytes>>> {
        head.uri = Uri::from_static("/");
        head.version = Version::HTTP_11;
        head.headers.insert(HOST, self.host.clone());
        head.extensions.clear();
        Box::new(Request::from_parts(head, Full::new(body)))
    }

    async fn send(
        &self,
        connection: &mut Connection,
        request: Box<Request<Full<Bytes>>>,
        flight: &Arc<Flight>,
        deadline: Instant,
    ) -> Result<(http::response::Parts, Answer), SendError> {
        let timeout = || TransportError::ResponseTimeout(self.response_limit);
        let response = timeout_at(deadline, self.transmit(connection, request, flight));
        let (head, body) = response.await.map_err(|_| timeout())??.into_parts();
        let answer = timeout_at(deadline, self.receive(&head, body, flight)).await;
        let answer = answer.unwrap_or_else(|_| Err(timeout())).inspect_err(|error| {
            self.route.auditor.response_rejected(flight.api, &connection.peer, error);
        })?;
        Ok((head, answer))
    }

    /// Sends the request, and gives the response as far as its head.
    async fn transmit(
        &self,
        connection: &mut Connection,
        request: Box<Request<Full<Bytes>>>,
        flight: &Flight,
    ) -> Result<Response<Incoming>, SendError> {
        if connection.sender.ready().await.is_err() {
            return Err(SendError::NotSent(request));
        }
        flight.sent();
        counters::add(Counter::BytesSent, Some(flight.api), flight.body.len() as u64);
        let mut error = match connection.sender.try_send_request(*request).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        // hyper gives the request back only if it has not begun to write it.
        if let Some(request) = error.take_message() {
            flight.settled();
            return Err(SendError::NotSent(Box::new(request)));
        }
        let error = error.into_error();
        let refusal = tls_cause(&error);
        if matches!(refusal, Some(rustls::Error::AlertReceived(CertificateRequired))) {
            // The server reads no request before its handshake has ended.
            flight.settled();
            return Err(self.route.certificate_demanded().into());
        }
        let fault = if error.is_parse() {
            TransportError::Integrity(IntegrityError::NotHttp)
        } else {
            TransportError::Broken(with_causes(&error))
        };
        // A connection that just ends is no response.
        if error.is_parse() || tls_cause(&error).is_some() {
            self.route.auditor.response_rejected(flight.api, &connection.peer, &fault);
        }
        Err(fault.into())
    }

    async fn receive<B>(
        &self,
        head: &http::response::Parts,
        body: B,
        flight: &Arc<Flight>,
    ) -> Result<Answer, TransportError>
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
        counters::add(Counter::BytesReceived, Some(flight.api), body.len() as u64);
        if verdict == Verdict::Success {
            flight.settled();
        }
        Ok(Answer { flight: flight.clone(), verdict, body })
    }
}

enum SendError {
    /// No byte has left, and here is the request again.
    NotSent(Box<Request<Full<Bytes>>>),
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

fn respond(head: &http::response::Parts, answer: Answer) -> HttpResponse {
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
