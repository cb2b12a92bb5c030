//! The ways that requests for credentials go: over the pinned TLS, or to a link-local address in plain HTTP.
//!
//! Why not the SDK's clients: they tell their bodies, which hold tokens and keys, to whoever listens at the finest
//! level of `tracing`; they repeat the text of an answer in their errors; and they read the environment.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
#[cfg(test)]
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Uri};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

use super::source_error::{SourceError, SourceProblem, documented};
use super::sts_answer;
use crate::client::audit::Auditor;
use crate::client::causes::with_causes;
use crate::client::choke::{self, Purpose, Refusal};
#[cfg(test)]
use crate::client::connection::Resolver;
use crate::client::connection::{Link, Outgoing, Route, Sender, Socket, Sockets};
use crate::client::endpoint::{Authority, Host};
use crate::client::error::BuildError;
use crate::client::integrity::IntegrityError;
use crate::client::proxy::Proxy;
use crate::client::region::Region;
use crate::client::secret::SecretBuffer;
use crate::client::tls::Tls;
use crate::client::tls_floor::TlsFloor;
use crate::client::transport::TransportError;
use crate::client::trust::Trust;
use crate::codec::Reader;
use crate::codec::response::read_member;

const CONNECT_LIMIT: Duration = Duration::from_secs(2);
const RESPONSE_LIMIT: Duration = Duration::from_secs(5);
const RESPONSE_SIZE_LIMIT: usize = 64 << 10;
const ATTEMPTS: u32 = 3;
/// The bound of the pause before the second attempt; it doubles for the third.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// How each source of a client reaches who gives it keys.
#[derive(Clone)]
pub(in crate::client) struct Ways {
    trust: Trust,
    proxy: Option<Proxy>,
    auditor: Auditor,
    /// A server of a test at the link-local addresses.
    #[cfg(test)]
    link_local: Option<SocketAddr>,
    #[cfg(test)]
    resolver: Option<Arc<Resolver>>,
}

/// Who is asked over TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Sts,
    IdentityCenter,
}

impl Service {
    fn name(self) -> &'static str {
        match self {
            Self::Sts => "STS",
            Self::IdentityCenter => "IAM Identity Center",
        }
    }

    /// Its one host in a region.
    fn host(self, region: Region) -> String {
        let suffix = region.partition().dns_suffix();
        match self {
            Self::Sts => format!("sts.{region}.{suffix}"),
            Self::IdentityCenter => format!("portal.sso.{region}.{suffix}"),
        }
    }
}

impl Ways {
    pub(in crate::client) fn new(proxy: Option<&Proxy>, auditor: &Auditor) -> Self {
        Self {
            trust: Trust::amazon(),
            proxy: proxy.cloned(),
            auditor: auditor.clone(),
            #[cfg(test)]
            link_local: None,
            #[cfg(test)]
            resolver: None,
        }
    }

    #[cfg(test)]
    pub(in crate::client) fn trusting(self, trust: Trust) -> Self {
        Self { trust, ..self }
    }

    #[cfg(test)]
    pub(in crate::client) fn link_local_at(self, address: SocketAddr) -> Self {
        Self { link_local: Some(address), ..self }
    }

    #[cfg(test)]
    pub(in crate::client) fn resolved_by(self, resolver: Arc<Resolver>) -> Self {
        Self { resolver: Some(resolver), ..self }
    }

    pub(super) fn to_service(&self, service: Service, region: Region) -> Result<Way, BuildError> {
        let partition = region.partition();
        if !partition.is_trusted_by_amazon_roots() {
            return Err(BuildError::trust(format!(
                "{} of the partition `{}` of {region} has other roots than Amazon's public ones: give the keys by `Credentials::provider(..)`",
                service.name(),
                partition.name(),
            )));
        }
        let authority = Authority::https(service.host(region));
        let tls = Tls::new(&self.trust, TlsFloor::Tls12, &authority, &self.auditor)?;
        let auditor = self.auditor.clone();
        let route = Route::new(authority.clone(), tls, self.proxy.clone(), CONNECT_LIMIT, auditor)?;
        #[cfg(test)]
        let route = match &self.resolver {
            Some(resolver) => route.resolved_by(resolver.clone()),
            None => route,
        };
        let to = To::Service { route: Box::new(route), service, written: authority.to_string() };
        Ok(Way { name: service.name(), authority, to, auditor: self.auditor.clone() })
    }

    /// No proxy has a say in it. `expected` is where its requests should go.
    pub(super) fn to_link_local(&self, name: &'static str, expected: IpAddr) -> Way {
        #[cfg(test)]
        let address = self.link_local;
        #[cfg(not(test))]
        let address = None;
        Way {
            name,
            authority: Authority { host: Host::Address(expected), port: HTTP },
            to: To::LinkLocal { address },
            auditor: self.auditor.clone(),
        }
    }
}

const HTTP: u16 = 80;

/// The way to one of those who give keys.
pub(super) struct Way {
    pub(super) name: &'static str,
    authority: Authority,
    to: To,
    auditor: Auditor,
}

enum To {
    Service { route: Box<Route>, service: Service, written: String },
    LinkLocal { address: Option<SocketAddr> },
}

/// An answer, whatever it says.
struct SourceResponse {
    status: u16,
    error_type: Option<String>,
    body: Zeroizing<Vec<u8>>,
}

impl Way {
    /// The `https` authority of a service, as its requests name it.
    pub(super) fn authority(&self) -> &str {
        match &self.to {
            To::Service { written, .. } => written,
            To::LinkLocal { .. } => "",
        }
    }

    pub(super) fn error(&self, problem: SourceProblem) -> SourceError {
        SourceError::new(self.name, problem)
    }

    /// The body of a success; what passes by itself is asked for again.
    pub(super) async fn success(
        &self,
        request: Request<Bytes>,
    ) -> Result<Zeroizing<Vec<u8>>, SourceError> {
        let answer = self.ask(request).await?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(self.error(SourceProblem::Status { status, code: answer.code() })),
        }
    }

    /// An answer, whatever it says; what passes by itself is asked for again.
    async fn ask(&self, request: Request<Bytes>) -> Result<SourceResponse, SourceError> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.attempt(request.clone()).await {
                Ok(answer) if answer.is_passing() => {}
                Err(error) if self.is_passing(&error) => {}
                settled => {
                    return settled.map_err(|error| self.error(SourceProblem::Transport(error)));
                }
            }
            sleep(pause.mul_f64(f64::midpoint(1.0, fastrand::f64()))).await;
            pause *= 2;
        }
        let last = self.attempt(request).await;
        last.map_err(|error| self.error(SourceProblem::Transport(error)))
    }

    /// Whether another attempt may fare better. What is not at a link-local address is not there.
    fn is_passing(&self, error: &TransportError) -> bool {
        let is_absent =
            matches!(error, TransportError::Connect(_) | TransportError::ConnectTimeout(_));
        error.is_transient() && !(is_absent && matches!(self.to, To::LinkLocal { .. }))
    }

    async fn attempt(&self, request: Request<Bytes>) -> Result<SourceResponse, TransportError> {
        let (head, body) = request.into_parts();
        choke::admit(&head, self.purpose()).map_err(|refusal| self.refused(refusal))?;
        match &self.to {
            To::Service { route, .. } => {
                exchange(route.open().await?.link, Request::from_parts(head, body)).await
            }
            To::LinkLocal { address } => {
                let admitted = choke::link_local(&head);
                let admitted = admitted.ok_or_else(|| self.refused(Refusal::NotLinkLocal))?;
                let address = address.unwrap_or(SocketAddr::new(admitted, HTTP));
                exchange(open_plain(address).await?, Request::from_parts(head, body)).await
            }
        }
    }

    fn purpose(&self) -> Purpose<'_> {
        match &self.to {
            To::Service { service: Service::Sts, written, .. } => {
                Purpose::Sts { authority: written }
            }
            To::Service { service: Service::IdentityCenter, written, .. } => {
                Purpose::RoleCredentials { authority: written }
            }
            To::LinkLocal { .. } => Purpose::Metadata,
        }
    }

    fn refused(&self, refusal: Refusal) -> TransportError {
        self.auditor.request_refused(&self.authority, &refusal);
        TransportError::Request(refusal)
    }
}

impl SourceResponse {
    /// The documented code of an error, wherever its service writes it.
    fn code(&self) -> Option<&'static str> {
        let in_json = |name| {
            let text = read_member(&self.body, name, Reader::json_string).ok().flatten()?;
            documented(&text)
        };
        let in_header = self.error_type.as_deref().and_then(documented);
        in_header
            .or_else(|| ["__type", "code", "Code"].into_iter().find_map(in_json))
            .or_else(|| sts_answer::error_code(&self.body))
    }

    fn is_passing(&self) -> bool {
        const CODES: [&str; 4] = [
            "IDPCommunicationError",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        ];
        self.status >= 500
            || self.status == 429
            || self.status != 200 && self.code().is_some_and(|code| CODES.contains(&code))
    }
}

async fn open_plain(address: SocketAddr) -> Result<Link<Socket>, TransportError> {
    let failed = |error: &dyn Error| TransportError::Connect(error.to_string());
    let connected = timeout(CONNECT_LIMIT, TcpStream::connect(address)).await;
    let tcp = connected.map_err(|_| TransportError::ConnectTimeout(CONNECT_LIMIT))?;
    let tcp = tcp.map_err(|error| failed(&error))?;
    Link::new(Socket::new(tcp, &Sockets::default())).await.map_err(|error| failed(&error))
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    mut link: Link<S>,
    request: Request<Bytes>,
) -> Result<SourceResponse, TransportError> {
    let exchange = link.driver.drive(transmit(&mut link.sender, request));
    let answer = timeout(RESPONSE_LIMIT, exchange).await;
    answer.unwrap_or(Err(TransportError::ResponseTimeout(RESPONSE_LIMIT)))
}

async fn transmit(
    sender: &mut Sender,
    request: Request<Bytes>,
) -> Result<SourceResponse, TransportError> {
    let malformed = |_| TransportError::Request(Refusal::Malformed);
    let (mut head, body) = request.into_parts();
    let authority = head.uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let host = HeaderValue::try_from(authority);
    head.headers.insert(HOST, host.map_err(|_| TransportError::Request(Refusal::Malformed))?);
    let path = head.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    head.uri = Uri::try_from(path).map_err(malformed)?;
    let sent = sender.send(Request::from_parts(head, Outgoing::new(body))).await;
    let sent = sent.map_err(|error| TransportError::Broken(with_causes(&error.into_error())));
    let (head, body) = sent?.into_parts();
    let error_type = head.headers.get("x-amzn-errortype").and_then(|it| it.to_str().ok());
    Ok(SourceResponse {
        status: head.status.as_u16(),
        error_type: error_type.map(str::to_owned),
        body: collect(body).await?,
    })
}

/// Neither more than the limit, nor less than a length that was told.
async fn collect(mut body: Incoming) -> Result<Zeroizing<Vec<u8>>, TransportError> {
    let mut whole = SecretBuffer::default();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| TransportError::Broken(with_causes(&error)))?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + data.len() > RESPONSE_SIZE_LIMIT {
            let limit = RESPONSE_SIZE_LIMIT;
            return Err(TransportError::Integrity(IntegrityError::TooLarge { limit }));
        }
        whole.extend(&data);
    }
    Ok(whole.into_inner())
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Way").field(&self.name).finish()
    }
}
