//! The way that requests for credentials go: STS over the pinned TLS, or a link-local address in plain HTTP.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::header::HOST;
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderValue, Request, Uri};
use http_body_util::{BodyExt, Limited};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::client::audit::Auditor;
use crate::client::choke::{self, Purpose, Refusal};
#[cfg(test)]
use crate::client::connection::Resolver;
use crate::client::connection::{Link, Outgoing, Route, Sender, Socket, Sockets, with_causes};
use crate::client::endpoint::Authority;
use crate::client::error::BuildError;
use crate::client::proxy::Proxy;
use crate::client::region::Region;
use crate::client::tls::{Tls, TlsFloor};
use crate::client::transport::TransportError;
use crate::client::trust::Trust;

const CONNECT_LIMIT: Duration = Duration::from_secs(2);
const RESPONSE_LIMIT: Duration = Duration::from_secs(5);
const RESPONSE_SIZE_LIMIT: usize = 1 << 20;

#[derive(Clone)]
pub(in crate::client) struct CredentialsConnector(Arc<Route>);

impl CredentialsConnector {
    pub(in crate::client) fn new(
        region: Region,
        proxy: Option<&Proxy>,
        auditor: &Auditor,
    ) -> Result<Self, BuildError> {
        let host = format!("sts.{region}.{}", region.partition().dns_suffix());
        let sts = Authority::https(host);
        Self::trusting(&Trust::amazon(), sts, proxy, auditor)
    }

    pub(in crate::client) fn trusting(
        trust: &Trust,
        sts: Authority,
        proxy: Option<&Proxy>,
        auditor: &Auditor,
    ) -> Result<Self, BuildError> {
        let tls = Tls::new(trust, TlsFloor::Tls12, &sts, auditor)?;
        Ok(Self(Arc::new(Route::new(sts, tls, proxy.cloned(), CONNECT_LIMIT, auditor.clone())?)))
    }

    /// The same way by another resolver.
    #[cfg(test)]
    pub(in crate::client) fn resolved_by(self, resolver: Arc<Resolver>) -> Self {
        let route = Arc::into_inner(self.0).expect("it is not shared yet");
        Self(Arc::new(route.resolved_by(resolver)))
    }

    pub(super) fn into_http_client(self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self);
        http_client_fn(move |_, _| connector.clone())
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let (request, address) = self.admitted(request)?;
        self.deliver(request, address).await
    }

    /// The request, and the address to which it goes in plain HTTP if it is not for STS.
    pub(in crate::client) fn admitted(
        &self,
        request: HttpRequest,
    ) -> Result<(Request<SdkBody>, Option<SocketAddr>), ConnectorError> {
        let request =
            request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        let (head, body) = request.into_parts();
        let address = self.admit(&head).map_err(|refusal| {
            self.0.auditor.request_refused(&self.0.authority, &refusal);
            ConnectorError::other(TransportError::Request(refusal).into(), None)
        })?;
        Ok((Request::from_parts(head, body), address))
    }

    pub(in crate::client) async fn deliver(
        &self,
        request: Request<SdkBody>,
        address: Option<SocketAddr>,
    ) -> Result<HttpResponse, ConnectorError> {
        match address {
            None => exchange(self.0.open().await.map_err(refused)?.link, request).await,
            Some(address) => exchange(open_plain(address, &self.0.sockets).await?, request).await,
        }
    }

    /// Gives the link-local address, where the request is for it and not for STS.
    fn admit(&self, request: &Parts) -> Result<Option<SocketAddr>, Refusal> {
        const HTTP: u16 = 80;
        if request.uri.scheme() == Some(&Scheme::HTTP) {
            choke::admit(request, Purpose::Metadata)?;
            let address = choke::link_local(request).ok_or(Refusal::NotLinkLocal)?;
            return Ok(Some(SocketAddr::new(address, HTTP)));
        }
        choke::admit(request, Purpose::Sts { authority: &self.0.authority.to_string() })?;
        Ok(None)
    }
}

fn refused(error: TransportError) -> ConnectorError {
    match error {
        TransportError::Connect(_) => ConnectorError::io(error.into()),
        TransportError::ConnectTimeout(_) => ConnectorError::timeout(error.into()),
        _ => ConnectorError::other(error.into(), None),
    }
}

async fn open_plain(
    address: SocketAddr,
    sockets: &Sockets,
) -> Result<Link<Socket>, ConnectorError> {
    let connected = tokio::time::timeout(CONNECT_LIMIT, TcpStream::connect(address)).await;
    let tcp = connected
        .map_err(|elapsed| ConnectorError::timeout(elapsed.into()))?
        .map_err(|error| ConnectorError::io(error.into()))?;
    Link::new(Socket::new(tcp, sockets)).await.map_err(|error| ConnectorError::io(error.into()))
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    mut link: Link<S>,
    request: Request<SdkBody>,
) -> Result<HttpResponse, ConnectorError> {
    let exchange = link.driver.drive(transmit(&mut link.sender, request));
    match tokio::time::timeout(RESPONSE_LIMIT, exchange).await {
        Ok(response) => response,
        Err(elapsed) => Err(ConnectorError::timeout(elapsed.into())),
    }
}

async fn transmit(
    sender: &mut Sender,
    request: Request<SdkBody>,
) -> Result<HttpResponse, ConnectorError> {
    let broken = |text: String| ConnectorError::io(text.into());
    let (mut head, body) = request.into_parts();
    let authority = head.uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let host =
        HeaderValue::try_from(authority).map_err(|error| ConnectorError::user(error.into()))?;
    head.headers.insert(HOST, host);
    let path = head.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    head.uri = Uri::try_from(path).map_err(|error| ConnectorError::user(error.into()))?;
    let body = body.bytes().map(Bytes::copy_from_slice).unwrap_or_default();
    let sent = sender.send(Request::from_parts(head, Outgoing::new(body))).await;
    let sent = sent.map_err(|error| broken(with_causes(&error.into_error())));
    let (head, body) = sent?.into_parts();
    let body = Limited::new(body, RESPONSE_SIZE_LIMIT).collect().await;
    let body = body.map_err(|error| broken(with_causes(&*error)))?.to_bytes();
    let response = http::Response::from_parts(head, SdkBody::from(body));
    HttpResponse::try_from(response).map_err(|error| ConnectorError::user(error.into()))
}

impl HttpConnector for CredentialsConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move { connector.send(request).await })
    }
}

impl fmt::Debug for CredentialsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CredentialsConnector").field(&self.0.authority).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Credentials;

    #[tokio::test]
    async fn every_source_builds_without_sending() {
        for source in [
            Credentials::profile("dev"),
            Credentials::ecs(),
            Credentials::ec2(),
            Credentials::web_identity(),
        ] {
            let environment = crate::client::ambient::tests::Fake::default();
            source
                .into_provider(&environment, Region::EU_WEST_1, None, &Auditor::default())
                .unwrap();
        }
    }

    #[test]
    fn sts_of_a_partition_with_roots_of_its_own_is_refused_by_name() {
        let environment = crate::client::ambient::tests::Fake::default();
        let of = |source: Credentials| {
            source.into_provider(&environment, Region::CN_NORTH_1, None, &Auditor::default())
        };
        for source in [Credentials::profile("dev"), Credentials::web_identity()] {
            let error = of(source).unwrap_err();
            assert!(error.is_trust() && error.to_string().contains("`aws-cn`"), "{error}");
        }
        for source in [Credentials::fixed("A", "s", None), Credentials::ecs(), Credentials::ec2()] {
            of(source).unwrap();
        }
    }
}
